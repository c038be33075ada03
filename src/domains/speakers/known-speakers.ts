import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../kernel/database/database.js';
import { invalidRequest } from '../../kernel/http/problem.js';
import type { FieldError } from '../../kernel/http/problem.js';
import type { KnownSpeaker } from './identification.dto.js';
import { VoiceprintLibrary } from './voiceprint-library.js';
import type { LibraryPrint } from './voiceprint-library.js';

/** A person with a print; `id` is the entry of the library that it is from. */
export interface ResolvedSpeaker {
  label: string;
  voiceprint: string;
  id?: string;
}

/** Gives every person of a request a print: its own, or the library's. */
@Injectable()
export class KnownSpeakers {
  constructor(private readonly library: VoiceprintLibrary) {}

  /** @throws a 400 naming every person without a print, and everybody who is named twice */
  async resolve(tx: Transaction, teamId: string, wanted: readonly KnownSpeaker[]): Promise<ResolvedSpeaker[]> {
    const unprinted = wanted.filter((one) => one.voiceprint == null);
    const prints = await this.library.find(tx, teamId, {
      ids: unprinted.flatMap(({ id }) => id?.toLowerCase() ?? []),
      labels: unprinted.flatMap(({ id, label }) => (id == null ? (label ?? []) : [])),
    });
    const faults: FieldError[] = [];
    const people = wanted.map((one, index) => {
      const found = resolved(one, prints);
      if (typeof found === 'string') {
        const field = one.id == null ? 'label' : 'id';
        faults.push({ field: `voiceprints[${index}].${field}`, detail: found });
      }
      return typeof found === 'string' ? null : found;
    });
    people.forEach((person, index) => {
      const first = people.findIndex((other) => other !== null && other.label === person?.label);
      if (person === null || first === index) return;
      const detail = `is the label of voiceprints[${first}], too; give each person once, or another label`;
      faults.push({ field: `voiceprints[${index}].label`, detail });
    });
    if (faults.length > 0) throw invalidRequest(faults);
    return people.filter((person) => person !== null);
  }
}

/** Or what is wrong. */
function resolved({ label, voiceprint, id }: KnownSpeaker, prints: readonly LibraryPrint[]): ResolvedSpeaker | string {
  if (voiceprint != null) return { label: label ?? '', voiceprint };
  if (id != null) {
    const entry = prints.find((print) => print.id === id.toLowerCase());
    if (!entry) return 'names no voiceprint of your library; GET /v1/voiceprints shows what is there';
    return { label: label ?? entry.label, voiceprint: entry.print(), id: entry.id };
  }
  const newest = prints.filter((print) => print.label === label).at(-1);
  if (!newest) return 'is nobody in your library: give a voiceprint with it, or make one with POST /v1/voiceprints';
  return { label: newest.label, voiceprint: newest.print(), id: newest.id };
}
