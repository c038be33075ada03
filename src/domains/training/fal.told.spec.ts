import { LittleQueue } from './testing/little-queue.js';
import type { Reply } from '../../kernel/http/testing/little-vendor.js';
import { aNotice, providerStage } from './testing/provider-stage.js';
import { OUTPUT, REQUEST_ID, aTraining } from './testing/queue-stage.js';

const vendor = new LittleQueue();
let baseUrl: string;

beforeAll(async () => (baseUrl = await vendor.start()));
afterAll(() => vendor.stop());
beforeEach(() => vendor.shows({}));

const at = (source: string) =>
  function read(body: unknown, { job = aTraining(), key }: { job?: ReturnType<typeof aTraining>; key?: string } = {}) {
    return providerStage(baseUrl, key === undefined ? {} : { key }).provider.interpret(aNotice(body, source), job);
  };
const ADOPTED = aTraining({ input: { type: null, trainer: null, inputs: {} }, askedAt: null });
const externalId = REQUEST_ID;
const COMPLETED: Reply = { status: 200, json: { status: 'COMPLETED' } };

describe('A notice of fal', () => {
  const read = at('fal');

  it('with its output is the end, and costs no question', async () => {
    const body = { status: 'OK', error: null, payload: OUTPUT, gateway_request_id: 'another' };
    expect(await read(body)).toEqual({ to: 'succeeded', result: OUTPUT, externalId });
    expect(await read(body)).toEqual(await read(body));
    expect(vendor.heard).toHaveLength(0);
  });

  it.each([{ payload: null }, { payload: null, payload_error: 'not serializable' }, {}, { payload: {} }])(
    'that says OK with %j has its output fetched',
    async (rest) => {
      vendor.shows({ [REQUEST_ID]: { status: 200, json: OUTPUT } });
      expect(await read({ status: 'OK', ...rest })).toEqual({ to: 'succeeded', result: OUTPUT, externalId });
      expect(vendor.heard).toHaveLength(1);
    },
  );

  it('whose output lags behind waits', async () => {
    vendor.shows({ [REQUEST_ID]: { status: 202, json: { status: 'IN_PROGRESS' } } });
    await expect(read({ status: 'OK', payload: null })).rejects.toThrow('no result yet');
    vendor.shows({ [REQUEST_ID]: { status: 503 } });
    await expect(read({ status: 'OK', payload: null })).rejects.toThrow();
  });

  it('whose output is gone is no empty success', async () => {
    const change = await read({ status: 'OK', payload: null });
    expect(change).toMatchObject({ to: 'succeeded', facts: { vendorStatus: 'succeeded' } });
    expect(change).not.toHaveProperty('result');
    expect(await read({ status: 'OK', payload: null }, { key: '' })).not.toHaveProperty('result');
  });

  it('of a failure says why', async () => {
    const detail = [{ loc: ['body', 'images_data_url'], msg: 'no faces', type: 'x' }];
    const error = 'Invalid status code: 422';
    expect(await read({ status: 'ERROR', error, payload: { detail } })).toEqual({
      to: 'failed',
      error: { code: 'vendor_failed', message: `${error}: images_data_url: no faces` },
      externalId,
    });
    expect(await read({ status: 'ERROR', error: null, payload: null })).toMatchObject({
      to: 'failed',
      error: { message: 'fal could not do it, and gave no reason' },
    });
    expect(vendor.heard).toHaveLength(0);
  });

  it('of a canceled request leaves it to the kernel whether that was asked for', async () => {
    const change = await read({ status: 'ERROR', error: 'Request was cancelled', payload: null });
    expect(change).toMatchObject({ to: 'canceled', error: { code: 'vendor_canceled' } });
  });

  it('about another request than the job’s is believed by nobody', async () => {
    expect(await read({ status: 'OK', payload: OUTPUT, request_id: 'other' })).toBeNull();
    const nameless = aTraining({ externalId: null, status: 'unconfirmed' });
    expect(await read({ status: 'OK', payload: OUTPUT }, { job: nameless })).toMatchObject({ externalId });
    expect(await read({ status: 'OK', payload: OUTPUT, request_id: null })).toEqual({
      to: 'succeeded',
      result: OUTPUT,
    });
  });

  it('that comes after the end costs nothing and changes nothing, whatever it brings', async () => {
    const other = { diffusers_lora_file: { url: 'https://v3.fal.media/files/b/other.safetensors' } };
    for (const status of ['succeeded', 'failed', 'canceled'] as const)
      for (const payload of [other, null])
        expect(await read({ status: 'OK', payload }, { job: aTraining({ status }) })).toEqual({
          ...{ to: 'succeeded', externalId },
        });
    expect(vendor.heard).toHaveLength(0);
  });

  it.each([[{ status: 'DONE' }], [{ status: null }], [{ status: 7 }], [{}], [Buffer.from('')], [Buffer.from('[]')]])(
    '%j is nothing that we know',
    async (body) => expect(await read(body)).toBeNull(),
  );
});

describe('A notice of a relay', () => {
  const read = at('fal-relay');
  const done = { status: 'completed', result: { diffusers_lora_file: { url: 'https://example.com/theirs' } } };

  it('that it goes on is taken as it is', async () => {
    expect(await read({ status: 'in_progress', progress: 40 })).toEqual({
      ...{ to: 'running', phase: 'in_progress', progress: 0.4, externalId },
    });
    expect(await read({ status: 'IN_QUEUE' })).toEqual({ to: 'running', phase: 'in_queue', externalId });
    expect(vendor.heard).toHaveLength(0);
  });

  it('that it ended is a hint: the vendor says how', async () => {
    vendor.shows({ '/status': COMPLETED, [REQUEST_ID]: { status: 200, json: OUTPUT } });
    expect(await read(done)).toEqual({ to: 'succeeded', result: OUTPUT, externalId });
    expect(await read({ status: 'failed' })).toEqual({ to: 'succeeded', result: OUTPUT, externalId });
  });

  it('that it ended, while the vendor goes on, ends nothing', async () => {
    vendor.shows({ '/status': { status: 202, json: { status: 'IN_PROGRESS' } } });
    expect(await read(done)).toEqual({
      ...{ to: 'running', phase: 'in_progress', externalId, checkAfter: 30 },
      note: { text: 'a relay says succeeded, fal says that it is still open' },
    });
  });

  it('waits while the vendor cannot be asked', async () => {
    vendor.shows({ '/status': { status: 503 } });
    await expect(read(done)).rejects.toThrow();
  });

  it('about our own request that the vendor does not know ends nothing', async () => {
    expect(await read(done)).toEqual({ note: { text: 'fal knows no request with this id' }, externalId });
  });

  it('has the result that the vendor has lost', async () => {
    vendor.shows({ '/status': COMPLETED });
    expect(await read(done)).toMatchObject({ to: 'succeeded', result: done.result });
    expect(await read({ status: 'completed' })).not.toHaveProperty('result');
  });

  it.each<[string, Parameters<typeof read>[1]]>([
    ['without our key', { key: '' }],
    ['where no trainer knows it', { job: ADOPTED }],
    ['of an account that is not ours', { job: aTraining({ askedAt: null }) }],
  ])('is the truth %s, and the timeline says so', async (_, how) => {
    expect(await read(done, how)).toMatchObject({
      ...{ to: 'succeeded', result: done.result, externalId },
      note: { text: expect.stringMatching(/^by a relay’s word alone: fal /) as string },
    });
    expect(await read({ status: 'failed', error: 'no faces' }, how)).toMatchObject({
      to: 'failed',
      error: { message: 'no faces' },
    });
    expect(await read({ status: 'cancelled' }, how)).toMatchObject({ to: 'canceled' });
    const empty = await read({ status: 'completed' }, how);
    expect(empty).toMatchObject({ to: 'succeeded', facts: { vendorStatus: 'succeeded' } });
    expect(empty).not.toHaveProperty('result');
  });
});
