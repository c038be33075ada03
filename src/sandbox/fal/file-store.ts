import { randomUUID } from 'node:crypto';
import type { Content } from './outputs/content.js';

export interface StoredFile {
  name: string;
  type: string;
  content: Content;
}

/** What the vendor's file host serves: public to whoever knows the address. */
export class FileStore {
  private readonly files = new Map<string, StoredFile>();

  /** The path below the vendor's address. */
  add(file: StoredFile, token: string = randomUUID()): string {
    this.files.set(token, file);
    return pathOf(token, file.name);
  }

  get(token: string): StoredFile | undefined {
    return this.files.get(token);
  }
}

export function pathOf(token: string, name: string): string {
  return `/files/${token}/${encodeURIComponent(name)}`;
}
