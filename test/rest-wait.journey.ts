import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';

/** A waiter hears within a second of what another process did, and at once of what this one did. */
const SOON = 1_500;

describe('A caller who would rather wait', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('rest-wait')).start();
  });

  afterEach(() => pause(false));

  afterAll(() => world.end());

  async function pause(paused: boolean): Promise<void> {
    await world.db.execute(
      `insert into provider_states (provider, paused) values ('pyannote', $1)
       on conflict (provider) do update set paused = excluded.paused`,
      [paused],
    );
  }

  const submit = (prefer: string, body: Record<string, unknown> = {}) =>
    world.client.post<JobAnswer & { errors?: { field: string }[] }>(
      '/v1/diarizations',
      { url: world.vendor.audio, ...body },
      { prefer },
    );

  async function seconds<T>(work: Promise<T>): Promise<{ answer: T; took: number }> {
    const start = performance.now();
    const answer = await work;
    return { answer, took: (performance.now() - start) / 1_000 };
  }

  it('gets the settled job with its result and a 200, as soon as it is there', async () => {
    const { status, headers, body } = await submit('wait=30');
    expect({ status, job: body.status, applied: headers.get('preference-applied') }).toEqual({
      status: 200,
      job: 'succeeded',
      applied: 'wait=30',
    });
    expect(body.result?.diarization?.length).toBeGreaterThan(0);
    expect(headers.get('location')).toBe(`/v1/jobs/${body.id}`);
    expect(Date.now() - Date.parse(body.settledAt ?? '')).toBeLessThan(SOON);
    const { body: same, headers: now } = await world.client.get<JobAnswer>(`/v1/jobs/${body.id}`);
    expect({ body: same, etag: now.get('etag') }).toEqual({ body, etag: headers.get('etag') });
  });

  it('gets a failed job as soon as it has failed', async () => {
    const url = `${world.vendor.audio}?fails`;
    await world.vendor.fault('fail', { error: 'no speech in it', match: { url } });
    const { status, body } = await submit('wait=30', { url });
    expect({ status, job: body.status }).toEqual({ status: 200, job: 'failed' });
    expect(body.error?.message).toContain('no speech in it');
  });

  it('gets 202 and the job as it is when the time is up', async () => {
    await pause(true);
    const { answer, took } = await seconds(submit('wait=1'));
    expect({ status: answer.status, job: answer.body.status }).toEqual({ status: 202, job: 'queued' });
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
    expect(took).toBeGreaterThanOrEqual(0.99);
    expect(took).toBeLessThan(2.5);
    const shown = await seconds(world.client.get<JobAnswer>(`/v1/jobs/${answer.body.id}`, { prefer: 'wait=1' }));
    expect({ status: shown.answer.status, job: shown.answer.body.status }).toEqual({ status: 200, job: 'queued' });
    expect(shown.took).toBeGreaterThanOrEqual(0.99);
  });

  it.each(['wait=61', 'wait=3600', 'wait=99999999999999999999'])('never waits over a minute: %s', async (prefer) => {
    const { status, headers } = await submit(prefer);
    expect({ status, applied: headers.get('preference-applied') }).toEqual({ status: 200, applied: 'wait=60' });
  });

  it.each(['wait="5"', 'respond-async, wait=5', 'wait=5; foo=bar', 'WAIT = 5', 'handling=lenient;wait=5'])(
    'is understood however it is put: %s',
    async (prefer) => {
      expect((await submit(prefer)).headers.get('preference-applied')).toBe('wait=5');
    },
  );

  it.each(['wait=0', 'return=minimal', 'respond-async', 'await=5', ''])('need not wait: %j', async (prefer) => {
    await pause(true);
    const { answer, took } = await seconds(submit(prefer));
    expect({ status: answer.status, applied: answer.headers.get('preference-applied') }).toEqual({
      status: 202,
      applied: null,
    });
    expect(took).toBeLessThan(1);
  });

  it.each(['wait=soon', 'wait=-1', 'wait=1.5', 'wait=', 'wait', 'wait=1e1', 'wait=0x10', 'wait=5s', 'wait=""'])(
    'has to say how long in whole seconds, and no job is made otherwise: %s',
    async (prefer) => {
      const jobs = async () => (await world.db.query('select id from jobs')).length;
      const before = await jobs();
      const { status, body } = await submit(prefer);
      expect({ status, fields: body.errors?.map((error) => error.field) }).toEqual({ status: 400, fields: ['Prefer'] });
      expect(await jobs()).toBe(before);
    },
  );

  it('is not alone: all who wait for one job hear of its end, whoever brought it about', async () => {
    await pause(true);
    for (const end of ['here', 'elsewhere'] as const) {
      const { id } = await world.diarize();
      const waiting = Array.from({ length: 2 }, () =>
        seconds(world.client.get<JobAnswer>(`/v1/jobs/${id}`, { prefer: 'wait=20' })),
      );
      const asleep = Promise.race(waiting).then(() => 'awake');
      expect(await Promise.race([asleep, world.job(id).then(() => 'asleep')])).toBe('asleep');
      const start = Date.now();
      if (end === 'here') await world.client.post(`/v1/jobs/${id}/cancel`);
      // What another process writes, this one only finds.
      else await world.db.execute(`update jobs set status = 'canceled', settled_at = now() where id = $1`, [id]);
      for (const { answer } of await Promise.all(waiting))
        expect(answer.body).toMatchObject({ id, status: 'canceled' });
      expect(Date.now() - start).toBeLessThan(SOON);
    }
  });

  it('is answered at once about a job that is settled already', async () => {
    const { id } = (await submit('wait=20')).body;
    const { answer, took } = await seconds(world.client.get<JobAnswer>(`/v1/jobs/${id}`, { prefer: 'wait=20' }));
    expect({ status: answer.status, applied: answer.headers.get('preference-applied') }).toEqual({
      status: 200,
      applied: 'wait=20',
    });
    expect(took).toBeLessThan(1);
  });

  it('may go away while waiting, and nobody else is the worse for it', async () => {
    await pause(true);
    const { id } = await world.diarize();
    const gone = new AbortController();
    const left = fetch(new URL(`/v1/jobs/${id}`, world.url), {
      headers: { authorization: `Bearer ${await world.key()}`, prefer: 'wait=20' },
      signal: gone.signal,
    });
    const stays = world.client.get<JobAnswer>(`/v1/jobs/${id}`, { prefer: 'wait=20' });
    gone.abort();
    await expect(left).rejects.toThrow();
    await pause(false);
    expect((await stays).body.status).toBe('succeeded');
  });

  it('is answered, not cut off, when the service stops meanwhile', async () => {
    await pause(true);
    const { id } = await world.diarize();
    const waiting = seconds(world.client.get<JobAnswer>(`/v1/jobs/${id}`, { prefer: 'wait=20' }));
    await eventually('the request is in', async () => (await world.events(id)).length === 1);
    const stopped = world.stop();
    const { answer, took } = await waiting;
    expect({ status: answer.status, job: answer.body.status }).toEqual({ status: 200, job: 'queued' });
    expect(took).toBeLessThan(10);
    await stopped;
    await world.start();
  });
});
