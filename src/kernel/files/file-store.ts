import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-range.js';

/** A name in the store that is ours: a whole file, under its id, or what is left of an upload. */
export interface Entry {
  name: string;
  /** Null for what is left of an upload. */
  id: string | null;
}

/** Bytes on their way: there under their id only when all of them are kept. */
export interface Draft {
  /** Resolves when it is worth writing more. */
  write(chunk: Uint8Array): Promise<void>;
  /** There for good, under its id, even if the power fails right after. */
  keep(): Promise<void>;
  /** Nothing of it stays. Never throws: what could not be removed at once goes with a later tidying. */
  discard(): Promise<void>;
}

/**
 * Where the bytes of files lie, each under its id. Every method may throw a 503 `storage_unavailable` where the store is
 * somebody else's and away; null always means that the store answered, and the bytes are not there.
 */
export abstract class FileStore {
  abstract draft(id: string): Promise<Draft>;
  /** Null when it is not there. The stream frees what it holds by itself, read to the end or not. */
  abstract read(id: string, range?: ByteRange): Promise<Readable | null>;
  /** The first bytes of a file, as many as it has. Null when it is not there. */
  abstract head(id: string, length: number): Promise<Buffer | null>;
  /** By its id, or by its name in `entries`. What is not there is removed already. */
  abstract remove(name: string): Promise<void>;
  /** Everything of ours but the uploads of this very process. Strange names are left alone. */
  abstract entries(): Promise<Entry[]>;
  /** Null when it has gone meanwhile. */
  abstract measure(name: string): Promise<{ size: number; ageMs: number } | null>;
}
