import { invalidRequest, Problem } from '../../kernel/http/problem.js';
import type { Refusal } from './pipeline/photo-refusal.js';
import type { StoredFile } from '../../kernel/files/stored-file.entity.js';

/** Why a photo is not taken. */
export interface EntryFault {
  code: string;
  status: number;
  detail: string;
}

/** One photo of a request: what its job is made of, or why there will be none. A PDF is one for each page. */
export interface PhotoEntry {
  /** Place in the request, from 0. */
  photo: number;
  name?: string;
  page?: number;
  source?: { file: string } | { url: string };
  fault?: EntryFault;
  /** What makes it the same photo, whatever id its file got. */
  same: string;
}

export const refusedEntry = (photo: number, same: string, fault: EntryFault, name?: string): PhotoEntry => ({
  photo,
  same,
  fault,
  ...(name === undefined ? {} : { name }),
});

export const fileEntry = (photo: number, file: StoredFile, page?: number): PhotoEntry => ({
  photo,
  name: file.name,
  source: { file: file.id },
  same: `${file.sha256.toString('hex')}${page ? `#${page}` : ''}`,
  ...(page === undefined ? {} : { page }),
});

export const faultOf = ({ code, status, detail }: Refusal): EntryFault => ({ code, status, detail });

/** With no photo that is taken there is nothing to accept. @throws a 4xx that names each one's fault */
export function refuseIfNone(entries: readonly PhotoEntry[]): void {
  const faults = entries.flatMap(({ photo, fault }) => (fault ? [{ photo, fault }] : []));
  const [first] = faults;
  if (!first || faults.length < entries.length) return;
  const errors = faults.map(({ photo, fault }) => ({
    field: `photos[${photo}]`,
    detail: `${fault.code}: ${fault.detail}`,
  }));
  const same = faults.every(({ fault }) => fault.code === first.fault.code);
  if (!same) throw invalidRequest(errors);
  throw new Problem(first.fault.status, first.fault.code, first.fault.detail, { errors });
}
