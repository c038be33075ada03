import { Injectable } from '@nestjs/common';
import { FilesEnv } from './files.env.js';
import { storageFull } from './files.problems.js';

/** Room taken for bytes that are on their way. */
export interface Room {
  /** As many bytes have come so far. @throws a 507 when that is more than there is room for */
  reached(bytes: number): void;
  /** They are kept. */
  kept(): void;
  /** They are not. */
  release(): void;
}

/**
 * How many bytes lie in the folder, those on their way included, held against the quota. Several processes over one folder
 * see each other's whole files at once and each other's unfinished ones at the next tidying.
 */
@Injectable()
export class FilesSpace {
  private lying = 0;
  private strays = 0;
  private changes = 0;
  /** By the id of the file. */
  private readonly underway = new Map<string, { bytes: number }>();

  constructor(private readonly env: FilesEnv) {}

  get taken(): number {
    let sum = this.lying + this.strays;
    for (const { bytes } of this.underway.values()) sum += bytes;
    return sum;
  }

  /** Takes what is known of whole files; an answer that was overtaken by a change of our own is left aside. */
  async refresh(read: () => Promise<number>): Promise<void> {
    const before = this.changes;
    const bytes = await read();
    if (before === this.changes) this.lying = bytes;
  }

  /** What lies in the folder and is no file that we know. */
  strayBytes(bytes: number): void {
    this.strays = bytes;
  }

  freed(bytes: number): void {
    this.lying -= bytes;
    this.changes += 1;
  }

  /** Whether room is taken for it here: it is counted already. */
  isUnderway(id: string): boolean {
    return this.underway.has(id);
  }

  /** Room for a stream of that length, as far as it is known. @throws a 507 */
  take(id: string, length: number): Room {
    const mine = { bytes: 0 };
    const reached = (bytes: number) => {
      if (bytes <= mine.bytes) return;
      if (this.taken - mine.bytes + bytes > this.env.FILES_QUOTA_BYTES) throw storageFull();
      mine.bytes = bytes;
    };
    this.underway.set(id, mine);
    try {
      reached(length);
    } catch (error) {
      this.underway.delete(id);
      throw error;
    }
    return {
      reached,
      kept: () => {
        if (!this.underway.delete(id)) return;
        this.lying += mine.bytes;
        this.changes += 1;
      },
      release: () => void this.underway.delete(id),
    };
  }
}
