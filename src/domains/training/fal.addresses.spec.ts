import { addressesOf, builtAddresses, isOwn, isRequestId, submitUrl } from './fal.addresses.js';
import { REQUEST_ID, TRAINER, aTraining } from './testing/queue-stage.js';

const BASE = 'https://queue.fal.run';
const request = `${BASE}/${TRAINER}/requests/${REQUEST_ID}`;
const built = { statusUrl: `${request}/status`, responseUrl: request, cancelUrl: `${request}/cancel` };

describe('An address that the vendor names', () => {
  it.each([`${BASE}/a/b`, `${BASE}/`, 'https://queue.fal.run:443/a', 'https://QUEUE.fal.run/a'])(
    '%s is its own',
    (address) => expect(isOwn(BASE, address)).toBe(true),
  );

  it.each([
    'http://queue.fal.run/a',
    'https://queue.fal.run:8443/a',
    'https://queue.fal.run.example.com/a',
    'https://queue.fal.run@example.com/a',
    'https://user:pass@queue.fal.run/a',
    'https://fal.run/a',
    'https://169.254.169.254/latest',
    '//queue.fal.run/a',
    '/a',
    'file:///etc/passwd',
    '',
    `${BASE}/${'a'.repeat(3_000)}`,
    null,
    7,
  ])('%s is not', (address) => expect(isOwn(BASE, address)).toBe(false));
});

describe('The addresses of a request', () => {
  it('hold owner and app, whatever the path of the trainer', () => {
    expect(builtAddresses(BASE, TRAINER, REQUEST_ID)).toEqual(built);
    expect(builtAddresses(BASE, 'fal-ai/flux-2-trainer/edit', 'r')?.statusUrl).toBe(
      `${BASE}/fal-ai/flux-2-trainer/requests/r/status`,
    );
  });

  it.each(['', 'a', 'a//b', '../b', 'a/..', 'a/b?c=d', 'a/b#c', 'a/b/', '/a/b', 'a/b c', 'https://a/b'])(
    'are not made of %j, which is no trainer',
    (trainer) => {
      expect(builtAddresses(BASE, trainer, REQUEST_ID)).toBeNull();
      expect(submitUrl(BASE, trainer)).toBeNull();
    },
  );

  it('are those that the vendor gave', () => {
    const told = { statusUrl: `${BASE}/s`, responseUrl: `${BASE}/r`, cancelUrl: `${BASE}/c` };
    expect(addressesOf(BASE, aTraining({ facts: told }))).toEqual(told);
    expect(addressesOf(BASE, aTraining({ facts: told, input: {} }))).toEqual(told);
  });

  it('are built where they lead elsewhere, or are missing', () => {
    const facts = { statusUrl: 'https://example.com/s', responseUrl: `${BASE}/r` };
    expect(addressesOf(BASE, aTraining({ facts }))).toEqual({ ...built, responseUrl: `${BASE}/r` });
  });

  it('are not known without an id, or without the trainer', () => {
    expect(addressesOf(BASE, aTraining({ externalId: null }))).toBeNull();
    expect(addressesOf(BASE, aTraining({ input: {}, facts: { statusUrl: `${BASE}/s` } }))).toBeNull();
    expect(addressesOf(BASE, aTraining({ input: { trainer: null } }))).toBeNull();
  });
});

it.each([
  [REQUEST_ID, true],
  ['abc_1', true],
  ['', false],
  ['..', false],
  ['a/b', false],
  ['x'.repeat(201), false],
  [7, false],
  [null, false],
])('the id %p can be kept: %p', (id, kept) => expect(isRequestId(id)).toBe(kept));
