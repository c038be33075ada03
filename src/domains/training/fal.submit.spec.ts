import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { NoPlace, NotNow, Refused, Unavailable, Unclear } from '../../kernel/jobs/provider-errors.js';
import { LittleQueue } from './testing/little-queue.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';
import { CALLBACK, KEY, REQUEST_ID, REQUEST_PATH, TRAINER, queueStage } from './testing/queue-stage.js';

const vendor = new LittleQueue();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.heard.splice(0));

const input = { images_data_url: 'https://files.example.com/a.zip', steps: 1_000 };
const submit = (reply: Reply, trainer = TRAINER, callback: string | null = CALLBACK, service = {}) => {
  vendor.answer = () => reply;
  return queueStage(baseUrl, { service }).client.submit(trainer, input, callback);
};
const failure = (...args: Parameters<typeof submit>) => submit(...args).catch((thrown: unknown) => thrown);
const built = () => ({
  statusUrl: `${baseUrl}${REQUEST_PATH}/status`,
  responseUrl: `${baseUrl}${REQUEST_PATH}`,
  cancelUrl: `${baseUrl}${REQUEST_PATH}/cancel`,
});

describe('Submitting to fal', () => {
  it('sends the input as the body, the address to call in the query, and the key, once', async () => {
    await submit({ status: 200, json: { request_id: REQUEST_ID } });
    expect(vendor.heard).toHaveLength(1);
    expect(vendor.heard).toMatchObject([
      { method: 'POST', headers: { authorization: `Key ${KEY}`, connection: 'close' }, body: input },
    ]);
    const url = new URL(vendor.heard[0]?.url ?? '', baseUrl);
    expect(url.pathname).toBe(`/${TRAINER}`);
    expect([...url.searchParams]).toEqual([['fal_webhook', CALLBACK]]);
    expect(vendor.heard[0]?.body).toEqual(input);
  });

  it('gives no address when the job is settled by asking', async () => {
    await submit({ status: 200, json: { request_id: REQUEST_ID } }, TRAINER, null);
    expect(vendor.heard[0]?.url).toBe(`/${TRAINER}`);
  });

  it('keeps the addresses that it is given', async () => {
    const given = { status_url: `${baseUrl}/s`, response_url: `${baseUrl}/r`, cancel_url: `${baseUrl}/c` };
    const json = { status: 'IN_QUEUE', request_id: REQUEST_ID, queue_position: 3, ...given };
    expect(await submit({ status: 200, json })).toEqual({
      ...{ requestId: REQUEST_ID, foreignHost: null },
      ...{ statusUrl: `${baseUrl}/s`, responseUrl: `${baseUrl}/r`, cancelUrl: `${baseUrl}/c` },
    });
  });

  it('builds them where the answer has none', async () => {
    const made = await submit({ status: 200, json: { request_id: REQUEST_ID, gateway_request_id: 'g' } });
    expect(made).toEqual({ requestId: REQUEST_ID, ...built(), foreignHost: null });
  });

  it('builds them where the answer leads elsewhere, and says so', async () => {
    const json = { request_id: REQUEST_ID, status_url: 'https://evil.example.com/x', cancel_url: `${baseUrl}/c` };
    const made = await submit({ status: 200, json });
    expect(made).toMatchObject({ ...built(), cancelUrl: `${baseUrl}/c`, foreignHost: 'evil.example.com' });
  });

  it.each<[string, Reply, string]>([
    ['404', { status: 404, json: { detail: "Application 'x' not found" } }, 'fal has no such trainer'],
    ['405', { status: 405 }, 'status 405 without a reason'],
    ['410', { status: 410, json: { detail: 'deprecated' } }, 'deprecated'],
    ['413', { status: 413, text: '<html>' }, 'status 413'],
    ['another 403', { status: 403, json: { detail: 'not allowed to use this app' } }, 'not allowed'],
    [
      '422',
      { status: 422, json: { detail: [{ loc: ['body', 'images_data_url'], msg: 'field required', type: 'missing' }] } },
      'images_data_url: field required',
    ],
  ])('takes %s as refused for good', async (_, reply, detail) => {
    const error = await failure(reply);
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ code: 'vendor_refused', detail: expect.stringContaining(detail) as string });
  });

  it.each([
    ['7', 7_000],
    ['999999', 3_600_000],
    ['soon', 10_000],
  ])('waits with all jobs as long as a 429 says: %s', async (retryAfter, afterMs) => {
    const error = await failure({ status: 429, headers: { 'retry-after': retryAfter }, json: { detail: 'limit' } });
    expect(error).toBeInstanceOf(NoPlace);
    expect(error).toMatchObject({ afterMs });
  });

  it.each<[number, unknown, string]>([
    [401, { detail: 'No user found for Key ID and Secret' }, 'bad key'],
    [402, { detail: 'pay' }, 'account locked'],
    [403, { detail: 'User is locked. Reason: Exhausted balance. Top up at …' }, 'account locked'],
    [403, undefined, 'does not say why'],
    [301, undefined, 'FAL_BASE_URL'],
    [308, undefined, 'FAL_BASE_URL'],
  ])('takes %d %j as the account’s fault: %s', async (status, json, reason) => {
    const error = await failure({ status, json, headers: { location: `${baseUrl}/elsewhere` } });
    expect(error).toBeInstanceOf(Unavailable);
    expect(error).toMatchObject({ reason: expect.stringContaining(reason) as string });
    expect(vendor.heard).toHaveLength(1);
  });

  it.each<[string, Reply]>([
    ['500', { status: 500, json: { detail: 'oops', error_type: 'internal_error' } }],
    ['502 in HTML', { status: 502, text: '<html>' }],
    ['503', { status: 503, json: { detail: 'x', error_type: 'runner_scheduling_failure' } }],
    ['504', { status: 504 }],
    ['408', { status: 408 }],
    ['409', { status: 409 }],
    ['303', { status: 303, headers: { location: '/x' } }],
    ['a line that was cut', 'hang up'],
    ['200 without a body', { status: 200 }],
    ['200 that is no JSON', { status: 200, text: '{"request_id":' }],
    ['200 without an id', { status: 200, json: { status: 'IN_QUEUE' } }],
    ['200 with a path as id', { status: 200, json: { request_id: '../x' } }],
    ['200 with a list', { status: 200, json: [{ request_id: REQUEST_ID }] }],
    ['200 without end', { status: 200, text: `"${'x'.repeat(5_000_000)}"` }],
    ['half an answer', { status: 200, text: '{', headers: { 'content-length': '500' } }],
  ])('takes %s as unclear, and does not send it again', async (_, reply) => {
    expect(await failure(reply, TRAINER, CALLBACK, { SIGNALBOX_TIME_FACTOR: '0.01' })).toBeInstanceOf(Unclear);
    expect(vendor.heard).toHaveLength(1);
  });

  it('gives up after its time-out, unclear', async () => {
    vendor.answer = () => new Promise(() => undefined);
    const { client } = queueStage(baseUrl, { service: { SIGNALBOX_TIME_FACTOR: '0.0001' } });
    await expect(client.submit(TRAINER, {}, null)).rejects.toBeInstanceOf(Unclear);
  });

  it('knows that nothing was sent when nobody listens, or the name leads nowhere', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const address of [`http://127.0.0.1:${port}`, 'http://nobody.invalid'])
      await expect(queueStage(address).client.submit(TRAINER, {}, null)).rejects.toBeInstanceOf(NotNow);
  });

  it('sends nothing to what is no trainer', async () => {
    expect(await failure({ status: 200 }, 'https://example.com/x')).toBeInstanceOf(Refused);
    expect(vendor.heard).toHaveLength(0);
  });

  it('never shows the key in a line of the log', async () => {
    vendor.answer = () => ({ status: 500, json: { detail: 'oops' } });
    const { client, lines } = queueStage(baseUrl);
    await client.submit(TRAINER, input, CALLBACK).catch(() => undefined);
    expect(lines.join('')).toContain('vendor request');
    expect(lines.join('')).not.toContain(KEY);
  });
});
