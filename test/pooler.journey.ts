import { Pooler, findPooler } from './harness/pooler.js';
import { World } from './harness/service.js';

const program = findPooler();
if (program === undefined) process.stderr.write('no pgbouncer on the PATH: its journey is left out\n');

(program === undefined ? describe.skip : describe)('Behind a pooler in transaction mode', () => {
  let world: World;
  let pooler: Pooler;

  beforeAll(async () => {
    world = await World.create('pooler');
    pooler = await Pooler.start(program ?? '', world.database.url);
    await world.start({ DATABASE_URL: pooler.url, DATABASE_DIRECT_URL: world.database.url });
  });

  afterAll(async () => {
    await world.stop();
    await pooler.stop();
    await world.end();
  });

  it('jobs are submitted, told of by notice, and settled', async () => {
    const jobs = await Promise.all(Array.from({ length: 12 }, () => world.diarize()));
    for (const { id } of jobs) {
      expect(await world.until(id)).toMatchObject({ status: 'succeeded' });
      expect((await world.events(id)).at(-1)).toMatchObject({ cause: { by: 'notice' } });
    }
  });

  it('a transaction has its limits, and leaves none behind for whoever comes next', async () => {
    const limit = `select current_setting('statement_timeout') as limit`;
    const inside = await world.db.unitOfWork((tx) => tx.query<{ limit: string }>(limit));
    expect(inside).toEqual([{ limit: '5s' }]);
    expect(await world.db.query(limit)).toEqual([{ limit: '0' }]);
  });
});
