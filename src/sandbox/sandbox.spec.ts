import { join } from 'node:path';
import { type Sandbox, startSandbox } from './sandbox.js';
import { isGenuine, type Receiver, startReceiver, until } from './testing/receiver.js';
import { VendorClient } from './testing/vendor-client.js';

const audioDir = join(__dirname, '../../examples/audio');

interface Turn {
  speaker: string;
  start: number;
  end: number;
}

describe('a job from submit to notice', () => {
  let sandbox: Sandbox;
  let vendor: VendorClient;
  let receiver: Receiver;

  beforeAll(async () => {
    sandbox = await startSandbox({ factor: 0.001, audioDir });
    vendor = new VendorClient(sandbox);
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await sandbox.stop();
    await receiver.stop();
  });
  beforeEach(() => (receiver.received.length = 0));

  it('knows its key', async () => {
    expect(sandbox.pyannote.apiKey).toMatch(/^sk_[0-9a-f]{32}$/);
    expect(sandbox.pyannote.webhookSecret).toMatch(/^whs_[0-9a-f]{32}$/);
    expect((await vendor.call('GET', '/v1/test')).status).toBe(200);
    expect((await vendor.call('GET', '/v1/test', undefined, 'sk_wrong')).status).toBe(401);
    expect((await vendor.call('GET', '/v1/nothing')).status).toBe(404);
  });

  it('is told with a genuine notice that carries what GET shows', async () => {
    const url = vendor.recording();
    const jobId = await vendor.submit('diarize', { url, webhook: `${receiver.url}?k=1`, numSpeakers: null });
    const [notice] = await receiver.wait(1);
    const job = await vendor.job(jobId);

    expect(notice?.path).toBe('/hook?k=1');
    expect(notice?.headers['content-type']).toBe('application/json');
    expect(notice?.headers).not.toHaveProperty('x-retry-num');
    expect(isGenuine(notice ?? { path: '', headers: {}, body: '' }, sandbox.pyannote.webhookSecret)).toBe(true);
    expect(JSON.parse(notice?.body ?? '')).toEqual({ jobId, status: 'succeeded', output: job.output });
    expect(Object.keys(job)).toEqual(['jobId', 'status', 'createdAt', 'updatedAt', 'output']);
    const { diarization } = job.output as { diarization: Turn[] };
    expect(diarization).toHaveLength(7);
    expect(Object.keys(diarization[0] ?? {})).toEqual(['speaker', 'start', 'end']);
    expect(new Set(diarization.map((turn) => turn.speaker))).toEqual(new Set(['SPEAKER_00', 'SPEAKER_01']));
  });

  it('tells the status alone when asked to, and of a failure always', async () => {
    const quiet = await vendor.submit('diarize', {
      url: vendor.recording(),
      webhook: receiver.url,
      webhookStatusOnly: true,
    });
    const [first] = await receiver.wait(1);
    expect(JSON.parse(first?.body ?? '')).toEqual({ jobId: quiet, status: 'succeeded' });

    const broken = await vendor.submit('diarize', { url: vendor.recording('nothing.wav'), webhook: receiver.url });
    const [, second] = await receiver.wait(2);
    expect(JSON.parse(second?.body ?? '')).toEqual({ jobId: broken, status: 'failed' });
    expect((await vendor.job(broken)).output).toEqual({
      error: 'The audio could not be loaded: the address answered 404.',
    });
  });

  it('says in detail what is wrong with a submit', async () => {
    const { status, body } = await vendor.call('POST', '/v1/diarize', { url: 'x', numSpeakers: 'two' });
    expect(status).toBe(400);
    expect(typeof body.message).toBe('string');
    expect(body.errors).toMatchObject([{ field: 'url' }, { field: 'numSpeakers' }]);
    const headers = { authorization: `Bearer ${sandbox.pyannote.apiKey}`, 'content-type': 'application/json' };
    const broken = await fetch(`${sandbox.pyannote.baseUrl}/v1/diarize`, { method: 'POST', headers, body: '{"url":' });
    expect([broken.status, Object.keys((await broken.json()) as object)]).toEqual([400, ['message', 'errors']]);
  });

  it('does not know a job that never was', async () => {
    expect((await vendor.call('GET', '/v1/jobs/00000000-0000-4000-8000-000000000001')).status).toBe(404);
  });

  it('lists newest first with a cursor', async () => {
    const url = vendor.recording();
    const first = await vendor.submit('diarize', { url });
    const second = await vendor.submit('diarize', { url });
    const page = (await vendor.call('GET', '/v2/jobs?limit=1')).body as { items: object[]; nextCursor: string };
    expect(page).toMatchObject({ items: [{ id: second }], nextCursor: second });
    expect(Object.keys(page.items[0] ?? {})).toEqual(['id', 'status', 'createdAt']);
    const next = (await vendor.call('GET', `/v2/jobs?limit=1&cursor=${page.nextCursor}`)).body;
    expect(next).toMatchObject({ items: [{ id: first }] });
    await vendor.ended(second);
    const done = (await vendor.call('GET', '/v2/jobs?status=created')).body;
    expect(done).toEqual({ items: [], nextCursor: null });
    for (const query of ['limit=0', 'limit=101', 'status=done', 'cursor=nobody']) {
      expect((await vendor.call('GET', `/v2/jobs?${query}`)).status).toBe(400);
    }
  });

  it('takes back the output a day later', async () => {
    const brief = await startSandbox({ factor: 0.000_002, audioDir });
    const client = new VendorClient(brief);
    const jobId = await client.submit('diarize', { url: client.recording() });
    await client.ended(jobId);
    let job = await client.job(jobId);
    for (let tries = 0; job.output !== undefined && tries < 500; tries++) job = await client.job(jobId);
    expect(job).toMatchObject({ status: 'succeeded' });
    expect(job).not.toHaveProperty('output');
    await brief.stop();
  });

  it('stops at once, whatever is still under way', async () => {
    const busy = await startSandbox({ factor: 0.001, audioDir });
    const client = new VendorClient(busy);
    const before = receiver.received.length;
    receiver.react(() => undefined);
    await client.submit('diarize', { url: client.recording(), webhook: receiver.url });
    await receiver.wait(before + 1);
    await client.fault('slow', { ms: 60_000, on: 'test' });
    const slow = client.call('GET', '/v1/test').catch(() => 'cut off');
    await client.submit('diarize', { url: `${receiver.url}/never-answers` });
    await until(async () => (await client.admin('GET', '/faults')).body.faults?.toString() === '', 'the slow answer');
    const from = Date.now();
    await busy.stop();
    expect(Date.now() - from).toBeLessThan(5_000);
    expect(await slow).toBe('cut off');
  });
});
