import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { EnvironmentError } from './parse-env.js';

const BYTES = 32;

const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A new master key, as text for people and files. */
export const newKey = (): string => randomBytes(BYTES).toString('hex');

/** The key in the home folder of a laptop: made on the first start, and kept beside the one before it. */
export class MasterKeyFile {
  readonly current: string;
  readonly previous: string;

  constructor(home: string) {
    this.current = join(resolve(home), 'master-key');
    this.previous = `${this.current}.previous`;
  }

  /** The key; made now where there is none. @throws {EnvironmentError} when the file cannot be read or written */
  readOrMake(): string {
    const found = this.read(this.current);
    if (found !== null) return found;
    try {
      mkdirSync(resolve(this.current, '..'), { recursive: true, mode: 0o711 });
      writeFileSync(this.current, `${newKey()}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (code(error) !== 'EEXIST')
        throw this.fault(`${this.current} cannot be written; set SIGNALBOX_HOME or SIGNALBOX_MASTER_KEY`);
    }
    return this.read(this.current) ?? '';
  }

  /** The key before the present one; null when there was none. @throws {EnvironmentError} when it cannot be read */
  readPrevious(): string | null {
    return this.read(this.previous);
  }

  /**
   * Puts a new key in the place of the present one, which becomes the previous one; the one before that is gone. Each file
   * is replaced whole, the previous one first: a crash in between leaves the present key under both names.
   * @throws {EnvironmentError} when there is no key yet, or the files cannot be written
   */
  rotate(): void {
    const old = this.read(this.current);
    if (old === null) throw this.fault(`there is no key in ${this.current} yet; the first start makes one`);
    try {
      this.replace(this.previous, old);
      this.replace(this.current, newKey());
    } catch (error) {
      throw this.fault(`${this.current} cannot be replaced (${code(error) ?? 'error'}); the key is as it was`);
    }
  }

  private replace(file: string, key: string): void {
    const { uid, gid } = statSync(this.current);
    const made = `${file}.${process.pid}`;
    const handle = openSync(made, 'w', 0o600);
    try {
      writeFileSync(handle, `${key}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    // Turned by root, it still belongs to the user whom the service runs as.
    if (process.getuid?.() === 0) chownSync(made, uid, gid);
    renameSync(made, file);
  }

  private read(file: string): string | null {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      if (code(error) === 'ENOENT') return null;
      throw this.fault(`${file} cannot be read; give it back to this user, or set SIGNALBOX_MASTER_KEY`);
    }
  }

  private fault(sentence: string): EnvironmentError {
    return new EnvironmentError([`SIGNALBOX_HOME: ${sentence}`]);
  }
}
