import { World } from './harness/service.js';

describe('With a pool of two connections', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('small pool', { env: { DATABASE_POOL: '2' } })).start();
  });

  afterAll(() => world.end());

  it('jobs whose notices are lost are repaired side by side: settling one takes one connection', async () => {
    await world.vendor.fault('lose', { times: null });
    const jobs = await Promise.all(Array.from({ length: 12 }, () => world.diarize()));
    for (const { id } of jobs) {
      expect(await world.until(id)).toMatchObject({ status: 'succeeded' });
      expect((await world.events(id)).at(-1)).toMatchObject({ cause: { by: 'check', repair: true } });
    }
    expect(await world.metric(/^signalbox_unit_duration_seconds_count.*unit="check".*outcome="error"/)).toBe(0);
  });
});
