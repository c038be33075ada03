import { Delivery } from './delivery.entity.js';
import { deliverySummary, deliveryView, refusalView } from './delivery.view.js';
import { Refusal } from './refusal.entity.js';

const receivedAt = new Date(Date.UTC(2026, 10, 21));

const delivery = (over: Partial<Delivery> = {}): Delivery =>
  Object.assign(new Delivery(), {
    receivedAt,
    id: 'd',
    source: 'acme',
    provider: 'acme',
    deliveryId: 'EV_1',
    refs: ['r'],
    callbackJob: 'secret-job',
    address: '203.0.113.7',
    headers: { a: 'b' },
    body: Buffer.from('{"é":1}'),
    verdict: 'verified',
    outcome: 'applied',
    detail: null,
    jobId: 'j',
    attempt: 2,
    dueAt: null,
    closedAt: receivedAt,
    ...over,
  });

describe('a notice as it is shown', () => {
  it('is exactly this', () => {
    const ledger = { times: 3, lastRetryNumber: '2', lastRetryReason: 'timeout' };
    expect(deliveryView(delivery(), ledger)).toEqual({
      id: 'd',
      receivedAt: '2026-11-21T00:00:00.000Z',
      source: 'acme',
      verdict: 'verified',
      outcome: 'applied',
      detail: null,
      jobId: 'j',
      vendorDeliveryId: 'EV_1',
      refs: ['r'],
      address: '203.0.113.7',
      headers: { a: 'b' },
      bodyBase64: Buffer.from('{"é":1}').toString('base64'),
      bodyText: '{"é":1}',
      attempts: 2,
      repeats: 2,
      lastRetryNumber: '2',
      lastRetryReason: 'timeout',
      replays: [],
    });
  });

  it('came once where the ledger was trimmed', () => {
    expect(deliveryView(delivery(), undefined)).toMatchObject({
      repeats: 0,
      lastRetryNumber: null,
      lastRetryReason: null,
    });
  });

  it('has no text where its bytes are none', () => {
    const body = Buffer.from([0x7b, 0xff]);
    expect(deliveryView(delivery({ body }), undefined)).toMatchObject({ bodyText: null, bodyBase64: 'e/8=' });
  });

  it.each([
    [null, null, 'pending'],
    [null, 'no job of ours is known by its ids', 'waiting'],
    ['dead', 'no job of ours is known by its ids', 'dead'],
    ['ignored', null, 'ignored'],
  ] as const)('with the outcome %s and the detail %j is %s', (outcome, detail, shown) => {
    expect(deliverySummary(delivery({ outcome, detail }))).toMatchObject({ outcome: shown, detail });
  });

  it('is short in lists: no headers and no bytes', () => {
    expect(Object.keys(deliverySummary(delivery())).sort()).toEqual(
      ['detail', 'id', 'jobId', 'outcome', 'receivedAt', 'source', 'verdict'].sort(),
    );
  });
});

describe('a refusal as it is shown', () => {
  it('is exactly this', () => {
    const refusal = Object.assign(new Refusal(), {
      id: 'r',
      at: receivedAt,
      source: 'acme',
      reason: 'stale',
      address: '203.0.113.7',
      headers: {},
      body: Buffer.from('ab'),
      bodyLength: 9_000,
    });
    expect(refusalView(refusal)).toEqual({
      id: 'r',
      at: '2026-11-21T00:00:00.000Z',
      source: 'acme',
      reason: 'stale',
      address: '203.0.113.7',
      headers: {},
      bodyBase64: 'YWI=',
      bodyLength: 9_000,
    });
  });
});
