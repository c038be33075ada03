import { Injectable } from '@nestjs/common';
import { MINUTE, Pace, SECOND } from '../config/pace.js';
import { Database } from '../database/database.js';
import { AppLogger } from '../observability/app-logger.js';
import type { Sweeper } from '../queue/sweep.js';
import { FileStore } from './file-store.js';
import type { Entry } from './file-store.js';
import { FilesSpace } from './files-space.js';

/** Longer than an upload may stand still and than a commit may take, so that nothing is removed that is still wanted. */
const GRACE = 10 * MINUTE;
const LEAST_GRACE = 15 * SECOND;

/** What lies in the store without a row. */
interface Stray extends Entry {
  size: number;
}

/**
 * Holds store and table against each other: what lies there without a row (an upload whose process died, a file that was
 * deleted but not yet freed) is removed after a while; a row whose bytes are not there is shown as lost.
 */
@Injectable()
export class FilesTidySweeper implements Sweeper {
  readonly name = 'files-tidy';
  readonly every = 10 * MINUTE;

  constructor(
    private readonly store: FileStore,
    private readonly space: FilesSpace,
    private readonly database: Database,
    private readonly pace: Pace,
    private readonly logger: AppLogger,
  ) {}

  async sweep(): Promise<number> {
    const entries = await this.store.entries();
    const keep = await this.keptOf(entries);
    const removed = await this.removeStrays(entries.filter(({ name }) => !keep.has(name)));
    const lost = await this.compareRows(idsOf(entries));
    if (removed > 0) this.logger.info('files without a row removed', { removed });
    if (lost > 0) this.logger.error('files are lost: their bytes are not in the store', { lost });
    return removed + lost;
  }

  private get grace(): number {
    return Math.max(this.pace.ms(GRACE), LEAST_GRACE);
  }

  private async removeStrays(strays: readonly Entry[]): Promise<number> {
    let removed = 0;
    const young: Stray[] = [];
    for (const stray of strays) {
      const found = await this.store.measure(stray.name);
      if (!found) continue;
      if (found.ageMs > this.grace) {
        await this.store.remove(stray.name);
        removed += 1;
      } else {
        young.push({ ...stray, size: found.size });
      }
    }
    this.space.strayBytes(await this.strayBytes(young));
    return removed;
  }

  /** Without what was kept since the listing: counted here too, it would take room twice until the next tidying. */
  private async strayBytes(young: readonly Stray[]): Promise<number> {
    const strange = young.filter(({ name }) => !this.space.isUnderway(name));
    const kept = await this.keptOf(strange);
    return strange.reduce((sum, { name, size }) => (kept.has(name) ? sum : sum + size), 0);
  }

  /** The names of those that have a row. */
  private async keptOf(entries: readonly Entry[]): Promise<Set<string>> {
    const wanted = await this.database.query<{ id: string }>(
      'select id from files where id = any($1) and deleted_at is null',
      [idsOf(entries)],
    );
    return new Set(wanted.map(({ id }) => id));
  }

  /** Rows newer than the listing are left out. A store that comes back brings its files back. */
  private async compareRows(present: readonly string[]): Promise<number> {
    await this.database.execute(
      'update files set missing_since = null where missing_since is not null and id = any($1)',
      [present],
    );
    return this.database.execute(
      `update files set missing_since = now()
       where deleted_at is null and missing_since is null and id <> all($1)
         and created_at < now() - $2::float8 * interval '1 millisecond'`,
      [present, this.grace],
    );
  }
}

const idsOf = (entries: readonly Entry[]) => entries.flatMap(({ id }) => (id === null ? [] : [id]));
