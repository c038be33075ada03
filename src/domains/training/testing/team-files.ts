import { Readable } from 'node:stream';
import type { ByteRange } from '../../../kernel/files/byte-range.js';
import type { FilesService } from '../../../kernel/files/files.service.js';

export const TEAM = '019aa0b0-0000-7000-8000-000000000001';

/** The files of one team: what the domain asks of files, and nothing else. */
export class TeamFiles {
  readonly kept: string[] = [];
  reads = 0;
  private readonly files = new Map<string, { name: string; content: Buffer; size: number }>();

  get service(): FilesService {
    return this as unknown as FilesService;
  }

  /** Returns the id of the new file. */
  add(name: string, content: Buffer, size = content.length): string {
    const id = `019aa0b0-7c1e-7b3a-9b0e-${String(this.files.size + 1).padStart(12, '0')}`;
    this.files.set(id, { name, content, size });
    return id;
  }

  lose(id: string): void {
    this.files.delete(id);
  }

  ofTeam(teamId: string, id: string) {
    const file = this.files.get(id);
    return Promise.resolve(file && teamId === TEAM ? { id, teamId, name: file.name, size: file.size } : null);
  }

  head({ id }: { id: string }, length: number) {
    return Promise.resolve(this.files.get(id)?.content.subarray(0, length) ?? null);
  }

  read({ id }: { id: string }, range?: ByteRange) {
    this.reads += 1;
    const content = this.files.get(id)?.content;
    const part = range ? content?.subarray(range.start, range.end + 1) : content;
    return Promise.resolve(part ? Readable.from([part]) : null);
  }

  async keepAlive(_tx: object, teamId: string, id: string) {
    this.kept.push(id);
    return (await this.ofTeam(teamId, id)) !== null;
  }
}
