import { JobsService } from '../src/kernel/jobs/jobs.service.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';

describe('A timeline', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('timeline')).start();
  });

  afterAll(() => world.end());

  it('showed the end before the beginning where the transaction that ended the job had begun first', async () => {
    await world.vendor.fault('hang');
    const { id } = await world.until((await world.diarize()).id, 'running');
    const jobs = world.app.get(JobsService);
    const began: { release?: () => void } = {};
    const gate = new Promise<void>((release) => (began.release = release));
    const state: { tx?: string } = {};
    const ended = world.db.unitOfWork(async (tx) => {
      const [own] = await tx.query<{ id: string }>('select pg_current_xact_id()::text as id');
      state.tx = own?.id;
      await gate;
      await jobs.change(tx, id, { to: 'failed' }, { by: 'check' });
    });
    await eventually('the transaction has begun', () => Promise.resolve(state.tx));
    await world.db.unitOfWork((tx) => jobs.change(tx, id, { phase: 'processing' }, { by: 'check' }));
    began.release?.();
    await ended;
    const types = (await world.events(id)).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['diarization.processing', 'diarization.failed']);
  });
});
