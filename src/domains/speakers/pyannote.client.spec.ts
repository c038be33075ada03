import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { NotNow, Refused, Unavailable, Unclear } from '../../kernel/jobs/provider-errors.js';
import { KEY, VENDOR_ID, stage } from './testing/stage.js';
import { LittleVendor } from '../../kernel/http/testing/little-vendor.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';

const vendor = new LittleVendor();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.heard.splice(0));

const submit = (reply: Reply, service?: Record<string, string>) => {
  vendor.answer = () => reply;
  return stage(baseUrl, service).client.submit('/v1/diarize', { url: 'u' });
};

const created = { jobId: VENDOR_ID, status: 'created' };

describe('submitting to pyannote', () => {
  it('sends JSON with the key, and nothing that invites a second use of the connection', async () => {
    await submit({ status: 200, json: created });
    expect(vendor.heard).toMatchObject([
      {
        method: 'POST',
        url: '/v1/diarize',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', connection: 'close' },
        body: { url: 'u' },
      },
    ]);
  });

  it.each([200, 201, 202])('takes %d as done', async (status) => {
    const made = await submit({ status, json: { ...created, warning: 'w', more: 1 } });
    expect(made).toEqual({ jobId: VENDOR_ID, status: 'created', warning: 'w' });
  });

  it.each([400, 404, 413, 415, 422])('takes %d as refused for good', async (status) => {
    const json = { message: 'The request is not valid', errors: [{ field: 'url', message: 'is required' }] };
    await expect(submit({ status, json })).rejects.toMatchObject(
      new Refused('vendor_refused', 'The request is not valid (url: is required)'),
    );
  });

  it('takes a refusal without a reason, too', async () => {
    await expect(submit({ status: 422, text: '<html>' })).rejects.toThrow('status 422 without a reason');
  });

  it.each([
    ['7', 7_000],
    ['0', 0],
    ['999999', 3_600_000],
    ['soon', undefined],
  ])('waits as long as a 429 says: %s', async (retryAfter, afterMs) => {
    const reply = { status: 429, headers: { 'retry-after': retryAfter }, json: { message: 'slow down' } };
    const error: unknown = await submit(reply).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotNow);
    expect(error).toMatchObject({ afterMs });
  });

  it.each([
    [401, 'bad key'],
    [403, 'bad key'],
    [402, 'no credit'],
    [301, 'PYANNOTEAI_BASE_URL'],
    [308, 'PYANNOTEAI_BASE_URL'],
  ])('takes %d as the account’s fault: %s', async (status, reason) => {
    const error: unknown = await submit({ status, headers: { location: '/x' } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ reason: expect.stringContaining(reason) as string });
    expect(vendor.heard).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['500', { status: 500, json: { message: 'oops' } }],
    ['502 in HTML', { status: 502, text: '<html>' }],
    ['503', { status: 503 }],
    ['409', { status: 409 }],
    ['303', { status: 303, headers: { location: '/x' } }],
    ['a line that was cut', 'hang up'],
    ['200 without a body', { status: 200 }],
    ['200 that is no JSON', { status: 200, text: '{"jobId":' }],
    ['200 without an id', { status: 200, json: { status: 'created' } }],
    ['200 with a number as id', { status: 200, json: { jobId: 7, status: 'created' } }],
    ['200 with a path as id', { status: 200, json: { jobId: '..', status: 'created' } }],
    ['200 with a list', { status: 200, json: [created] }],
    ['half an answer', { status: 200, text: '{', headers: { 'content-length': '500' } }],
  ])('takes %s as unclear', async (_, reply) => {
    await expect(submit(reply, { SIGNALBOX_TIME_FACTOR: '0.01' })).rejects.toBeInstanceOf(Unclear);
  });

  it('gives up after its time-out, unclear', async () => {
    vendor.answer = () => new Promise(() => undefined);
    const { client } = stage(baseUrl, { SIGNALBOX_TIME_FACTOR: '0.0001' });
    await expect(client.submit('/v1/diarize', {})).rejects.toBeInstanceOf(Unclear);
  });

  it('knows that nothing was sent when nobody listens, or the name leads nowhere', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const address of [`http://127.0.0.1:${port}`, 'http://nobody.invalid']) {
      await expect(stage(address).client.submit('/v1/diarize', {})).rejects.toBeInstanceOf(NotNow);
    }
  });
});
