import { Readable } from 'node:stream';
import type { FilesService } from '../../../kernel/files/files.service.js';

export const TEAM = '019aa0b0-0000-7000-8000-000000000001';
export const FILE = '019aa0b0-7c1e-7b3a-9b0e-00000000f11e';

/** A team with one file, or with none: what the domain asks of files, and nothing else. */
export class FilesOfOne {
  keptForMs = 0;
  reads = 0;

  constructor(
    private content: Buffer | null = null,
    private readonly size = content?.length ?? 0,
  ) {}

  get service(): FilesService {
    return this as unknown as FilesService;
  }

  lose(): void {
    this.content = null;
  }

  ofTeam(teamId: string, id: string) {
    return Promise.resolve(this.content && teamId === TEAM && id === FILE ? { id, teamId, size: this.size } : null);
  }

  head(_file: object, length: number) {
    return Promise.resolve(this.content?.subarray(0, length) ?? null);
  }

  read() {
    this.reads += 1;
    return Promise.resolve(this.content && Readable.from([this.content]));
  }

  async keepAlive(_tx: object, teamId: string, id: string, ms: number) {
    this.keptForMs = ms;
    return (await this.ofTeam(teamId, id)) !== null;
  }
}
