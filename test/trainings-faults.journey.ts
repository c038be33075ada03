import { FATE_FAULTS, NOTICE_FAULTS, REQUEST_FAULTS } from '../src/sandbox/fal/fault-catalogue.js';
import { eventually } from './harness/eventually.js';
import { brokenOfTrainings } from './harness/fal-promises.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';
import { QUICK, TrainingOrders } from './harness/training-orders.js';

interface Expected {
  status?: string;
  /** By whose word; either where both are right. */
  by?: RegExp;
  error?: string;
  repair?: true;
  /** Its notices that are in the inbox, by outcome. */
  notices?: string[];
  /** Why notices of it were refused. */
  refused?: string;
}

const NOTICE = /^notice$/;
const CHECK = /^check$/;
const EITHER = /^(notice|check)$/;
const APPLIED: Expected = { notices: ['applied'] };

/** Every fault that fal.ai’s stand-in can be told to commit, and what must become of the training: succeeded by its notice. */
const FAULTS: Record<string, [params: Record<string, unknown>, expected: Expected]> = {
  lose: [{}, { by: CHECK, repair: true, notices: [] }],
  duplicate: [{ copies: 4, parallel: true }, APPLIED],
  delay: [{ ms: 300 }, APPLIED],
  reorder: [{}, APPLIED],
  'payload-missing': [{}, APPLIED],
  'wrong-key': [{ tries: 1 }, { ...APPLIED, refused: 'wrong_signature' }],
  'wrong-user': [{}, { by: CHECK, repair: true, refused: 'other_account' }],
  'stale-timestamp': [{}, { by: CHECK, repair: true, refused: 'stale' }],
  'future-timestamp': [{}, { by: CHECK, repair: true, refused: 'future' }],
  'frozen-timestamp': [{}, APPLIED],
  'rotate-key': [{}, APPLIED],
  reserialised: [{ tries: 1 }, { ...APPLIED, refused: 'wrong_signature' }],
  'other-gateway': [{}, APPLIED],
  'unknown-word': [{ status: 'DONE' }, { by: CHECK, notices: ['unrecognized'] }],
  // Its output has to be fetched; the progress after it may be read before that is done.
  'relay-shape': [{ status: 'completed', under: 'result', progressAfter: true }, {}],
  contradict: [{}, { notices: ['applied', 'ignored'] }],
  'extra-notice-body': [{ body: 'no JSON' }, { by: EITHER }],
  queued: [{ ms: 100 }, APPLIED],
  processing: [{ ms: 400 }, APPLIED],
  fail: [{ code: 500 }, { status: 'failed', error: 'vendor_failed', ...APPLIED }],
  hang: [{}, { status: 'running', by: /^submit$/, notices: [] }],
  // Nobody has to ask about a training whose notice comes.
  forget: [{}, APPLIED],
  'result-expired': [{ code: 404 }, APPLIED],
  'status-lag': [{ ms: 500 }, APPLIED],
  'unknown-status': [{}, APPLIED],
  'deaf-to-cancel': [{}, APPLIED],
  'notice-of-cancel': [{}, APPLIED],
  'private-model': [{}, APPLIED],
  'model-size': [{ bytes: 300_000 }, APPLIED],
  'bare-files': [{}, APPLIED],
  'no-config': [{}, APPLIED],
  'big-seed': [{}, APPLIED],
  status: [{ code: 429, retryAfter: 1, on: 'submit' }, APPLIED],
  slow: [{ ms: 300, on: 'submit' }, APPLIED],
  drop: [{ taken: true, on: 'submit' }, APPLIED],
  locked: [{}, APPLIED],
  'before-answer': [{}, APPLIED],
};
/** Not of one training: the key set is the unit tests’ and the file’s is in trainings-trouble; our own checks are stricter. */
const OTHERS = ['jwks-garbage', 'jwks-empty', 'cut-model', 'refuse-at-submit'];

describe('Every fault of fal.ai', () => {
  let world: World;
  let orders: TrainingOrders;
  let inbox: Inbox;
  const jobs = new Map<string, string>();

  beforeAll(async () => {
    world = await (await World.create('trainings-faults', { factor: 0.02 })).start();
    [orders, inbox] = [new TrainingOrders(world), new Inbox(world)];
    const order = async (fault: string) => {
      const [params] = FAULTS[fault] ?? [];
      jobs.set(fault, (await orders.order({ ...QUICK, [fault]: params ?? {} })).id);
    };
    for (const fault of Object.keys(FAULTS)) if (fault !== 'rotate-key') await order(fault);
    // Right after a rotation every notice is refused until the keys may be fetched again, and that one has but one try.
    const contradicted = jobs.get('contradict') ?? '';
    await eventually('both results came', async () => (await inbox.list(`job=${contradicted}`)).length === 2);
    await order('rotate-key');
  });

  afterAll(() => world.end());

  it('is among them', () => {
    const known = Object.keys({ ...NOTICE_FAULTS, ...FATE_FAULTS, ...REQUEST_FAULTS });
    expect([...Object.keys(FAULTS), ...OTHERS].sort()).toEqual(known.sort());
  });

  it.each(Object.entries(FAULTS))('%s comes to its right end', async (fault, [, expected]) => {
    const { status = 'succeeded', by = NOTICE, error, repair, notices, refused } = expected;
    const id = jobs.get(fault) ?? '';
    const job = await world.until(id, status, 60_000);
    expect(job.error?.code).toBe(error);
    const last = (await world.events(id)).filter(({ type }) => type === `training.${status}`).at(-1);
    expect(last?.cause.by).toMatch(by);
    expect(last?.cause.repair).toBe(repair);
    if (notices) {
      await eventually(`its notices are ${notices.join(', ') || 'none'}`, async () => {
        const came = (await inbox.list(`job=${id}`)).map(({ outcome }) => outcome).sort();
        if (came.join() !== notices.join()) throw new Error(came.join());
        return true;
      });
    }
    if (refused !== undefined) {
      const line = new RegExp(`^signalbox_verifications_failed_total.*source="fal".*reason="${refused}"`);
      expect(await world.metric(line)).toBeGreaterThan(0);
    }
    expect(await orders.sent(id)).toBe(1);
  });

  it('leaves a seed beyond 2^53 as it is, digit by digit', async () => {
    expect((await world.job(jobs.get('big-seed') ?? '')).result).toMatchObject({ seed: String(2n ** 53n + 1n) });
  });

  it('is counted, and breaks no promise', async () => {
    const repaired = Object.values(FAULTS).filter(([, { repair }]) => repair).length;
    expect(await world.metric(/^signalbox_repairs_total\{.*kind="training"/)).toBe(repaired);
    // Whichever of two results came first; and a number that no JSON parser reads as it is.
    const unlike = ['contradict', 'big-seed'].map((fault) => jobs.get(fault) ?? '');
    expect(await brokenOfTrainings(world, unlike)).toEqual([]);
  });
});
