import { World } from './harness/service.js';

describe('A diarization from submit to settled', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('diarization')).start();
  });

  afterAll(() => world.end());

  it('is settled by the vendor’s notice, with the result of the audio that was really given', async () => {
    const made = await world.diarize({ labels: { meeting: 'weekly' } });
    expect(made.status).toBe('queued');
    const job = await world.until(made.id, 'succeeded');
    const turns = job.result?.diarization ?? [];
    expect(new Set(turns.map((turn) => turn.speaker)).size).toBe(2);
    expect(turns.length).toBeGreaterThanOrEqual(6);
    const events = await world.events(made.id);
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining([
        'diarization.queued',
        'diarization.submitting',
        'diarization.running',
        'diarization.succeeded',
      ]),
    );
    expect(events.at(-1)?.cause.by).toBe('notice');
    expect(events.at(-1)?.cause.repair).toBeUndefined();
  });

  it('is repaired by asking when the notice is lost, and the repair is counted', async () => {
    const before = await world.metric(/^signalbox_repairs_total/);
    await world.vendor.fault('lose');
    const made = await world.diarize();
    await world.until(made.id, 'succeeded');
    const last = (await world.events(made.id)).at(-1);
    expect(last?.cause).toMatchObject({ by: 'check', repair: true });
    expect(await world.metric(/^signalbox_repairs_total/)).toBe(before + 1);
  });

  it('is settled by asking alone when the request wants no webhook', async () => {
    const made = await world.diarize({ webhook: false });
    expect(made.webhook).toBe(false);
    await world.until(made.id, 'succeeded');
    const last = (await world.events(made.id)).at(-1);
    expect(last?.cause.by).toBe('check');
    expect(last?.cause.repair).toBeUndefined();
    const { jobs } = await world.vendor.record();
    expect(jobs.filter((job) => job.request.webhook).length).toBe(jobs.length - 1);
  });
});
