import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';
import { FilesOfOne } from './testing/files-of-one.js';
import { TURNS, VENDOR_ID, aJob, aNotice, stage } from './testing/stage.js';

const vendor = new LittleVendor();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.heard.splice(0));

const output = { diarization: TURNS };
const shows = (job: object): Reply => ({ status: 200, json: { jobId: VENDOR_ID, ...job } });
const lost: Reply = { status: 500 };

function interpret(body: unknown, reply: Reply = lost, job = aJob()) {
  vendor.answer = () => reply;
  return stage(baseUrl).provider.interpret(aNotice(body), job);
}
const notice = (rest: object) => ({ jobId: VENDOR_ID, ...rest });

describe('any other notice', () => {
  it.each([
    ['pending', 'pending'],
    ['CREATED', 'created'],
    ['running', 'processing'],
  ])('that says %s sets a phase', async (status, phase) => {
    expect(await interpret(notice({ status }))).toEqual({ to: 'running', phase, externalId: VENDOR_ID });
  });

  it.each([
    [{ status: 'done' }],
    [{ status: 'constructor' }],
    [{ status: null }],
    [{ status: 7 }],
    [{ status: '' }],
    [{}],
    [{ status: ['succeeded'] }],
    [{ status: { toString: 'succeeded' } }],
  ])('%j is no word that we know', async (rest) => {
    expect(await interpret(notice(rest))).toBeNull();
    expect(vendor.heard).toHaveLength(0);
  });

  it.each(['', 'null', '[]', '"succeeded"', '<html>'])('%j is nothing that we know', async (text) => {
    expect(await interpret(Buffer.from(text))).toBeNull();
  });

  it('without an id is about the job that its address names', async () => {
    const change = await interpret({ status: 'succeeded' }, shows({ status: 'succeeded', output }));
    expect(change).toEqual({ to: 'succeeded', result: output });
    const nameless = aJob({ externalId: null, status: 'unconfirmed' });
    expect(await interpret({ status: 'failed' }, lost, nameless)).toMatchObject({ to: 'failed' });
    expect(await interpret({ status: 'succeeded' }, lost, nameless)).toMatchObject({ to: 'succeeded' });
  });

  it.each(['succeeded', 'failed'] as const)('about a job that is %s already costs no question', async (status) => {
    const change = await interpret(notice({ status: 'succeeded' }), lost, aJob({ status }));
    expect(change).toEqual({ to: 'succeeded', externalId: VENDOR_ID });
    expect(vendor.heard).toHaveLength(0);
  });

  it('means the same when it is read twice', async () => {
    const body = notice({ status: 'succeeded', output });
    expect(await interpret(body)).toEqual(await interpret(body));
  });
});

describe('asking how a job stands', () => {
  const check = (reply: Reply, job = aJob()) => {
    vendor.answer = () => reply;
    return stage(baseUrl).provider.check(job);
  };

  it.each<[object, unknown]>([
    [{ status: 'created' }, { to: 'running', phase: 'created' }],
    [{ status: 'running' }, { to: 'running', phase: 'processing' }],
    [
      { status: 'succeeded', output },
      { to: 'succeeded', result: output },
    ],
    [
      { status: 'failed', output: { error: 'no audio', warning: 'w' } },
      { to: 'failed', error: { code: 'vendor_failed', message: 'no audio' }, note: { text: 'pyannote warns: w' } },
    ],
    [{ status: 'done' }, null],
    [{ status: null }, null],
  ])('%j → %j', async (job, change) => expect(await check(shows(job))).toEqual(change));

  it('notes that the vendor knows no such job, without a move', async () => {
    expect(await check({ status: 404 })).toEqual({ note: { text: 'pyannote knows no job with this id' } });
  });

  it('knows the output as gone when the vendor forgets a job that it called succeeded', async () => {
    const remembered = aJob({ facts: { vendorStatus: 'succeeded' } });
    expect(await check({ status: 404 }, remembered)).toMatchObject({ to: 'succeeded' });
    expect(await check(shows({ status: 'succeeded', output }), remembered)).toMatchObject({ result: output });
  });

  it('has nothing to ask about without an id', async () => {
    expect(await check(lost, aJob({ externalId: null }))).toBeNull();
    expect(vendor.heard).toHaveLength(0);
  });

  it.each<Reply>([lost, { status: 429 }, 'hang up'])('throws at %j', (reply) => expect(check(reply)).rejects.toThrow());
});

it('gives no address to call while no secret is set to verify notices by', () => {
  const withSecret = stage(baseUrl, {}, new FilesOfOne(), { PYANNOTEAI_WEBHOOK_SECRETS: 'whs_0123456789abcdef' });
  expect(withSecret.provider.isTold()).toBe(true);
  expect(stage(baseUrl).provider.isTold()).toBe(false);
});
