import './handlers/with-extension.js';
import { Extension } from './handlers/extension.module.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';

interface FollowUp {
  event: string;
  handler: string | null;
  state: string;
  attempts: number;
  lastError: string | null;
}

const KEEP = 'Extension.keep';
const HANG = 'Extension.hang';

describe('Handlers in code', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('handlers')).start();
  });

  afterEach(() => world.vendor.clearFaults());

  afterAll(() => world.end());

  const callsOf = (job: string, handler?: string) =>
    Extension.calls.filter((call) => call.job.id === job && (handler === undefined || call.handler === handler));

  async function followUps(job: string): Promise<FollowUp[]> {
    return (await world.client.get<{ followUps: FollowUp[] }>(`/v1/jobs/${job}`)).body.followUps;
  }

  function untilFollowed(job: string, holds: (rows: FollowUp[]) => boolean): Promise<FollowUp[]> {
    return eventually(`what follows job ${job}`, async () => {
      const rows = await followUps(job);
      if (holds(rows)) return rows;
      throw new Error(JSON.stringify(rows));
    });
  }

  const allDone = (rows: FollowUp[]) => rows.length > 0 && rows.every(({ state }) => state === 'done');
  const stateOf = (rows: FollowUp[], handler: string) => rows.find((row) => row.handler === handler);

  it('run once each, after the commit, with the job and its result; the job shows it', async () => {
    const { id } = await world.diarize({ labels: { crm: '7' } });
    const rows = await untilFollowed(id, allDone);
    expect(rows.map(({ event, handler, attempts }) => [event, handler, attempts]).sort()).toEqual([
      ['diarization.succeeded', HANG, 1],
      ['diarization.succeeded', KEEP, 1],
      ['diarization.succeeded', 'stumbles', 1],
    ]);
    expect(
      callsOf(id)
        .map(({ handler }) => handler)
        .sort(),
    ).toEqual(['hang', 'keep', 'stumble']);
    const [call] = callsOf(id, 'keep');
    expect({ status: call?.status, event: call?.event.type, attempt: call?.event.attempt }).toEqual({
      status: 'succeeded',
      event: 'diarization.succeeded',
      attempt: 1,
    });
    expect(call?.job).toMatchObject({ id, kind: 'diarization', status: 'succeeded', labels: { crm: '7' } });
    expect(call?.job.result).toHaveProperty('diarization');
    expect(call?.job).not.toHaveProperty('traceparent');
  });

  it('hear of failures by their own patterns', async () => {
    await world.vendor.fault('fail');
    const { id } = await world.diarize();
    await untilFollowed(id, allDone);
    expect(
      callsOf(id)
        .map(({ handler, event }) => `${handler} ${event.type}`)
        .sort(),
    ).toEqual(['hang diarization.failed', 'mourn diarization.failed', 'stumble diarization.failed']);
    expect(callsOf(id, 'mourn')[0]?.job.error).not.toBeNull();
  });

  it('that throw are tried again until they do not; the others are not held up, nor called again', async () => {
    const { id } = await world.diarize({ labels: { stumbles: '3' } });
    const rows = await untilFollowed(id, allDone);
    expect(stateOf(rows, 'stumbles')).toMatchObject({ attempts: 4, lastError: null });
    expect(callsOf(id, 'stumble').map(({ event }) => event.attempt)).toEqual([1, 2, 3, 4]);
    expect([callsOf(id, 'keep').length, callsOf(id, 'hang').length]).toEqual([1, 1]);
  });

  it('that keep throwing say why on the job, and are given up after a day', async () => {
    const { id } = await world.diarize({ labels: { stumbles: '1000000' } });
    const rows = await untilFollowed(id, (now) => (stateOf(now, 'stumbles')?.attempts ?? 0) >= 2);
    expect(stateOf(rows, 'stumbles')).toMatchObject({
      state: 'waiting',
      lastError: expect.stringMatching(/^no .+ time$/) as string,
    });
    expect(stateOf(rows, KEEP)?.state).toBe('done');
    const before = (await world.client.get(`/v1/jobs/${id}`)).headers.get('etag');
    await world.db.execute(
      `update follow_ups set created_at = created_at - interval '1 day', due_at = now() where job_id = $1 and due_at is not null`,
      [id],
    );
    await untilFollowed(id, (now) => stateOf(now, 'stumbles')?.state === 'gave_up');
    expect((await world.client.get(`/v1/jobs/${id}`)).headers.get('etag')).not.toBe(before);
    expect((await world.job(id)).status).toBe('succeeded');
  });

  it('that hang are told so when their time is up, and tried again; nobody waits for them', async () => {
    const { id } = await world.diarize({ labels: { hangs: 'yes' } });
    const meanwhile = await untilFollowed(id, (rows) => stateOf(rows, KEEP)?.state === 'done');
    expect(stateOf(meanwhile, HANG)?.state).toBe('waiting');
    const rows = await untilFollowed(id, allDone);
    expect(stateOf(rows, HANG)?.attempts).toBe(2);
    const [first, second] = callsOf(id, 'hang');
    expect([first?.event.signal.aborted, second?.event.attempt]).toEqual([true, 2]);
  });

  it('of which many hang do not keep the handlers of other jobs from running', async () => {
    const hanging = await Promise.all(Array.from({ length: 8 }, () => world.diarize({ labels: { hangs: 'yes' } })));
    const { id } = await world.diarize();
    const isDone = (now: FollowUp[]) => [KEEP, 'stumbles'].every((name) => stateOf(now, name)?.state === 'done');
    const started = Date.now();
    await untilFollowed(id, isDone);
    // Eight that hang, one after the other, would take their two seconds each.
    expect(Date.now() - started).toBeLessThan(10_000);
    for (const job of hanging) await untilFollowed(job.id, allDone);
  });

  it('are rung for by the sweep when the process that planned them has died, and taken over from one that has', async () => {
    const { id } = await world.diarize();
    await untilFollowed(id, allDone);
    // As a process leaves it that died between the commit and the bell, and one that died at work.
    await world.db.execute(
      `update follow_ups set due_at = now(), done_at = null, attempt = case handler when $2 then 3 else 0 end where job_id = $1`,
      [id, KEEP],
    );
    const rows = await untilFollowed(id, allDone);
    expect(stateOf(rows, KEEP)?.attempts).toBe(4);
    expect(callsOf(id, 'keep').map(({ event }) => event.attempt)).toEqual([1, 4]);
  });

  it('that a newer version has no more are named on the job, hold up nobody, and are given up after a day', async () => {
    const { id } = await world.diarize();
    await untilFollowed(id, allDone);
    await world.db.execute(
      `insert into follow_ups (job_id, event, handler, provider, due_at)
       select $1, 'diarization.succeeded', 'Gone.' || n, 'pyannote', now() - interval '1 hour' from generate_series(1, 600) as n`,
      [id],
    );
    const rows = await untilFollowed(
      id,
      (now) => now.filter((row) => row.lastError?.includes('no handler')).length === 600,
    );
    expect(stateOf(rows, 'Gone.1')).toMatchObject({ state: 'waiting', attempts: 0 });
    // More of them than a sweep takes: those that can be done are still rung for.
    await world.db.execute(`update follow_ups set due_at = now(), done_at = null where job_id = $1 and handler = $2`, [
      id,
      KEEP,
    ]);
    await untilFollowed(id, (now) => stateOf(now, KEEP)?.state === 'done');
    await world.db.execute(
      `update follow_ups set created_at = created_at - interval '1 day' where job_id = $1 and due_at is not null`,
      [id],
    );
    await untilFollowed(id, (now) => now.filter((row) => row.state === 'gave_up').length === 600);
  });

  it('hear of an expired job, and of its late end as well', async () => {
    await world.vendor.fault('hang');
    const { id } = await world.diarize();
    await world.until(id, 'running');
    await world.db.execute(`update jobs set deadline_at = now(), check_at = now() where id = $1`, [id]);
    await world.until(id, 'expired');
    await world.client.post(`/v1/jobs/${id}/resolve`, { to: 'failed', reason: 'seen in the dashboard' });
    await untilFollowed(id, (rows) => rows.length === 5 && allDone(rows));
    expect(callsOf(id, 'stumble').map(({ event }) => event.type)).toEqual([
      'diarization.expired',
      'diarization.failed',
    ]);
  });
});
