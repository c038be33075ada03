import { FATE_FAULTS, NOTICE_FAULTS, REQUEST_FAULTS } from '../src/sandbox/pyannote/fault-catalogue.js';
import { eventually } from './harness/eventually.js';
import { brokenPromises } from './harness/promise-checker.js';
import { World } from './harness/service.js';

interface Expected {
  /** In what the job ends, and by whose word. `hang` never ends by itself. */
  status: string;
  by: string;
  error?: string;
  repair?: true;
  /** Its notices that are in the inbox, by outcome; each counted once however often it came. */
  notices?: string[];
  /** Why notices of it were refused. */
  refused?: string[];
}

/** Every fault that the stand-in can be told to commit, and what must become of the job. */
const FAULTS: Record<string, { params?: Record<string, unknown>; expected: Expected }> = {
  lose: { expected: { status: 'succeeded', by: 'check', repair: true, notices: [] } },
  duplicate: {
    params: { copies: 4, parallel: true },
    expected: { status: 'succeeded', by: 'notice', notices: ['applied'] },
  },
  delay: { params: { ms: 300 }, expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  reorder: { expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  'wrong-signature': {
    params: { tries: 1 },
    expected: { status: 'succeeded', by: 'notice', notices: ['applied'], refused: ['wrong_signature'] },
  },
  'stale-timestamp': {
    params: { seconds: 1_000 },
    expected: { status: 'succeeded', by: 'check', repair: true, refused: ['stale'] },
  },
  'future-timestamp': {
    params: { seconds: 1_000 },
    expected: { status: 'succeeded', by: 'check', repair: true, refused: ['future'] },
  },
  'base64-signature': { expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  'frozen-timestamp': { expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  'letter-case': { params: { as: 'SUCCEEDED' }, expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  'unknown-status': {
    params: { status: 'done' },
    expected: { status: 'succeeded', by: 'check', notices: ['unrecognized'] },
  },
  'raw-status': { params: { value: null }, expected: { status: 'succeeded', by: 'check', notices: ['unrecognized'] } },
  'failed-as-canceled': { expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  'no-output-keys': { expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  contradict: {
    params: { status: 'failed' },
    expected: { status: 'succeeded', by: 'notice', notices: ['applied', 'ignored'] },
  },
  'extra-notice-body': { params: { body: 'no JSON' }, expected: { status: 'succeeded', by: 'notice' } },
  processing: { params: { ms: 400 }, expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  fail: {
    params: { error: 'no speech' },
    expected: { status: 'failed', by: 'notice', error: 'vendor_failed', notices: ['applied'] },
  },
  cancel: { expected: { status: 'failed', by: 'notice', error: 'vendor_canceled', notices: ['applied'] } },
  hang: { expected: { status: 'running', by: 'submit', notices: [] } },
  // Nobody has to ask about a job whose notice comes.
  forget: { expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  'result-gone': { expected: { status: 'failed', by: 'check', error: 'result_lost' } },
  status: {
    params: { code: 429, retryAfter: 1 },
    expected: { status: 'succeeded', by: 'notice', notices: ['applied'] },
  },
  slow: { params: { ms: 300 }, expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  drop: { params: { taken: true }, expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
  'before-answer': { expected: { status: 'succeeded', by: 'notice', notices: ['applied'] } },
};

describe('Every fault of the vendor', () => {
  let world: World;
  const jobs = new Map<string, string>();

  beforeAll(async () => {
    world = await (await World.create('faults')).start();
    for (const [fault, { params, expected }] of Object.entries(FAULTS)) {
      await world.vendor.fault(fault, { ...params, match: { url: `?${fault}.` } });
      // Long before the first question, however busy the machine is.
      if (expected.by === 'notice' && fault !== 'processing')
        await world.vendor.fault('processing', { ms: 100, match: { url: `?${fault}.` } });
    }
    for (const fault of Object.keys(FAULTS)) {
      jobs.set(fault, (await world.diarize({ url: `${world.vendor.audio}?${fault}.` })).id);
    }
  });

  afterAll(() => world.end());

  it('is among them', () => {
    const known = Object.keys({ ...NOTICE_FAULTS, ...FATE_FAULTS, ...REQUEST_FAULTS });
    expect(Object.keys(FAULTS).sort()).toEqual(known.sort());
  });

  it.each(Object.entries(FAULTS))('%s comes to its right end', async (fault, { expected }) => {
    const id = jobs.get(fault) ?? '';
    const job = await world.until(id, expected.status, 60_000);
    expect(job.error?.code).toBe(expected.error);
    const last = (await world.events(id)).filter(({ type }) => type === `diarization.${expected.status}`).at(-1);
    expect(last?.cause).toMatchObject({ by: expected.by, ...(expected.repair ? { repair: true } : {}) });
    expect(last?.cause.repair).toBe(expected.repair);
    const { notices, refused } = expected;
    if (notices) {
      await eventually(`its notices are ${notices.join(', ') || 'none'}`, async () => {
        const sql = 'select outcome from deliveries where job_id = $1 and outcome is not null order by outcome';
        const came = await world.db.query<{ outcome: string }>(sql, [id]);
        return came.map(({ outcome }) => outcome).join() === notices.join();
      });
    }
    for (const reason of refused ?? []) {
      expect(
        await world.metric(new RegExp(`^signalbox_verifications_failed_total.*reason="${reason}"`)),
      ).toBeGreaterThan(0);
    }
  });

  it('is counted, and breaks no promise', async () => {
    const ends = Object.entries(FAULTS).filter(([, { expected }]) => expected.status !== 'running');
    const settled = async (status: string, by: string) =>
      world.metric(new RegExp(`^signalbox_jobs_settled_total.*status="${status}",by="${by}"`));
    for (const [status, by] of [
      ['succeeded', 'notice'],
      ['succeeded', 'check'],
      ['failed', 'notice'],
      ['failed', 'check'],
    ] as const) {
      const count = ends.filter(([, { expected }]) => expected.status === status && expected.by === by).length;
      expect({ status, by, count: await settled(status, by) }).toEqual({ status, by, count });
    }
    const repaired = ends.filter(([, { expected }]) => expected.repair).length;
    expect(await world.metric(/^signalbox_repairs_total/)).toBe(repaired);
    const broken = await brokenPromises({
      query: (sql, parameters) => world.db.query(sql, parameters),
      record: await world.vendor.record(),
      webhookSecrets: [world.vendor.webhookSecret],
    });
    expect(broken.filter((what) => !what.includes(jobs.get('hang') ?? '-'))).toEqual([]);
  });
});
