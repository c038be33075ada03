import { NotNow, Unavailable } from '../../kernel/jobs/provider-errors.js';
import { LittleQueue } from './testing/little-queue.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';
import { OUTPUT, REQUEST_PATH, aTraining, queueStage } from './testing/queue-stage.js';

const vendor = new LittleQueue();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.heard.splice(0));

function asking(reply: Reply | ((url: string) => Reply)) {
  vendor.answer = ({ url }) => (typeof reply === 'function' ? reply(url) : reply);
  const { client } = queueStage(baseUrl);
  const at = client.addressesOf(aTraining());
  if (!at) throw new Error('the job has addresses');
  return { client, at };
}
const status = (reply: Parameters<typeof asking>[0]) => {
  const { client, at } = asking(reply);
  return client.status(at);
};
const result = (reply: Reply) => {
  const { client, at } = asking(reply);
  return client.result(at);
};
const cancel = (reply: Reply) => {
  const { client, at } = asking(reply);
  return client.cancel(at);
};

describe('The status of a request', () => {
  it.each([200, 202])('comes with %d and with the log', async (code) => {
    const logs = [{ message: '1/2' }];
    expect(await status({ status: code, json: { status: 'IN_PROGRESS', logs } })).toEqual({
      ...{ status: 'IN_PROGRESS', logs },
      ...{ error: undefined, errorType: undefined },
    });
    expect(vendor.heard).toMatchObject([{ method: 'GET', url: `${REQUEST_PATH}/status?logs=1` }]);
  });

  it('is asked for without the log where that has no end', async () => {
    const endless = { status: 200, text: `{"status":"IN_PROGRESS","logs":"${'x'.repeat(5_000_000)}"}` };
    const short = { status: 200, json: { status: 'IN_PROGRESS' } };
    expect(await status((url) => (url.includes('logs') ? endless : short))).toMatchObject({ status: 'IN_PROGRESS' });
    expect(vendor.heard).toHaveLength(2);
  });

  it('is null for a request that the vendor does not know', async () => {
    expect(await status({ status: 404, json: { status: 'NOT_FOUND' } })).toBeNull();
  });

  it.each<[Reply, new (...args: never[]) => Error]>([
    [{ status: 429, headers: { 'retry-after': '3' } }, NotNow],
    [{ status: 401 }, Unavailable],
    [{ status: 403, json: { detail: 'User is locked' } }, Unavailable],
    [{ status: 500 }, Error],
    [{ status: 302, headers: { location: '/x' } }, Error],
    [{ status: 200, text: 'no' }, Error],
    [{ status: 200, json: {} }, Error],
    ['hang up', Error],
  ])('is not known by %j', async (reply, kind) => {
    await expect(status(reply)).rejects.toBeInstanceOf(kind);
    expect(vendor.heard).toHaveLength(1);
  });
});

describe('The result of a request', () => {
  it.each<[string, Reply, unknown]>([
    ['bare', { status: 200, json: OUTPUT }, { output: OUTPUT }],
    ['wrapped', { status: 200, json: { status: 'COMPLETED', logs: null, response: OUTPUT } }, { output: OUTPUT }],
    ['of a retired trainer', { status: 200, json: { finetune_id: 'f' } }, { output: { finetune_id: 'f' } }],
    ['empty', { status: 200, json: {} }, { gone: 'it shows no output' }],
    ['no object', { status: 200, json: [OUTPUT] }, { gone: 'it shows no output' }],
    ['no JSON', { status: 200, text: 'x' }, { gone: 'it shows no output' }],
    [
      'wrapped and null',
      { status: 200, json: { status: 'COMPLETED', response: null } },
      { gone: 'it shows no output' },
    ],
    ['gone', { status: 404 }, { gone: 'status 404' }],
    ['not ready', { status: 202, json: { status: 'IN_PROGRESS' } }, { later: 'status 202' }],
    ['open', { status: 200, json: { status: 'IN_QUEUE' } }, { later: 'it shows the request as open' }],
    [
      'early',
      { status: 400, json: { detail: 'Request is still in progress' } },
      { later: 'Request is still in progress' },
    ],
    ['behind a broken gateway', { status: 502, text: '<html>' }, { later: 'status 502' }],
    ['elsewhere', { status: 302, headers: { location: 'https://example.com/' } }, { later: 'status 302' }],
    [
      'a complaint',
      { status: 422, json: { detail: [{ msg: 'no' }] } },
      { failed: { detail: [{ msg: 'no' }], error: undefined, errorType: undefined }, sure: true },
    ],
    [
      'a fault of theirs',
      { status: 504, json: { detail: 'late', error_type: 'startup_timeout' } },
      { failed: { detail: 'late', error: undefined, errorType: 'startup_timeout' }, sure: false },
    ],
    [
      'canceled',
      { status: 499, json: { detail: 'gone' } },
      { failed: { detail: 'gone', error: undefined, errorType: 'client_cancelled' }, sure: true },
    ],
  ])('may be %s', async (_, reply, answer) => {
    expect(await result(reply)).toEqual(answer);
    expect(vendor.heard).toMatchObject([{ method: 'GET', url: REQUEST_PATH }]);
  });

  it('may be too large', async () => {
    const huge = await result({ status: 200, text: `"${'x'.repeat(34 * 1_024 ** 2)}"` });
    expect(huge).toEqual({ tooLarge: `${baseUrl}${REQUEST_PATH}` });
  });

  it.each<Reply>([{ status: 429 }, { status: 401 }, { status: 403, json: { detail: 'User is locked' } }, 'hang up'])(
    'is not known by %j',
    (reply) => expect(result(reply)).rejects.toThrow(),
  );
});

describe('Canceling a request', () => {
  it.each<[Reply, string]>([
    [{ status: 202, json: { status: 'CANCELLATION_REQUESTED' } }, 'requested'],
    [{ status: 400, json: { status: 'ALREADY_COMPLETED' } }, 'completed'],
    [{ status: 404, json: { status: 'NOT_FOUND' } }, 'unknown'],
  ])('%j means %s', async (reply, answer) => {
    expect(await cancel(reply)).toBe(answer);
    expect(vendor.heard).toMatchObject([{ method: 'PUT', url: `${REQUEST_PATH}/cancel`, body: null }]);
  });

  it.each<Reply>([{ status: 400, json: { detail: 'what?' } }, { status: 500 }, { status: 405 }, 'hang up'])(
    'is not asked for by %j',
    (reply) => expect(cancel(reply)).rejects.toThrow(),
  );
});

it('never sends the key to another host, and follows nobody there', async () => {
  const { client, at } = asking({ status: 200, json: { status: 'IN_QUEUE' } });
  const elsewhere = `${baseUrl.replace('127.0.0.1', 'localhost')}/s`;
  await expect(client.status({ ...at, statusUrl: elsewhere })).rejects.toThrow();
  await expect(client.cancel({ ...at, cancelUrl: 'https://example.com/c' })).rejects.toThrow('not on the host');
  expect(vendor.heard).toHaveLength(0);
});
