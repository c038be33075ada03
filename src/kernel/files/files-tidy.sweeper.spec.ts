import { Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import type { Database } from '../database/database.js';
import { AppLogger } from '../observability/app-logger.js';
import type { FileStore } from './file-store.js';
import { FilesSpace } from './files-space.js';
import { FilesTidySweeper } from './files-tidy.sweeper.js';

const SIZE = 40;

/** A store of young files, each of 40 bytes, and the ids that have a row when the table is asked for the n-th time. */
function world(names: string[], rows: (time: number) => string[]) {
  const service = parseEnv(ServiceEnv, {});
  const space = new FilesSpace({ FILES_DIR: '', FILES_MAX_BYTES: 100, FILES_QUOTA_BYTES: 100, FILES_TTL: 1 });
  const store = {
    entries: () => Promise.resolve(names.map((name) => ({ name, id: name }))),
    measure: () => Promise.resolve({ size: SIZE, ageMs: 0 }),
  };
  let times = 0;
  const database = {
    query: (_: string, [ids]: [string[]]) => {
      const known = rows((times += 1));
      return Promise.resolve(ids.filter((id) => known.includes(id)).map((id) => ({ id })));
    },
    execute: () => Promise.resolve(0),
  };
  const logger = new AppLogger(service, { write: () => undefined });
  const files = store as unknown as FileStore;
  const table = database as unknown as Database;
  return { space, sweeper: new FilesTidySweeper(files, space, table, new Pace(service), logger) };
}

describe('Room that the tidying sees taken', () => {
  it('is that of files without a row', async () => {
    const { space, sweeper } = world(['a', 'b'], () => ['b']);
    await sweeper.sweep();
    expect(space.taken).toBe(SIZE);
  });

  it('is not that of a file whose row was written meanwhile: uploads were refused with 507 for ten minutes', async () => {
    const { space, sweeper } = world(['a'], (time) => (time > 1 ? ['a'] : []));
    await sweeper.sweep();
    expect(space.taken).toBe(0);
  });

  it('is counted once for a file whose row is just being written', async () => {
    const { space, sweeper } = world(['a'], () => []);
    space.take('a', SIZE);
    await sweeper.sweep();
    expect(space.taken).toBe(SIZE);
  });
});
