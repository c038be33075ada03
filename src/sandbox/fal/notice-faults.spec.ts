import { FalStage, told } from '../testing/fal-stage.js';
import { until } from '../testing/receiver.js';

const FACTOR = 0.001;

describe('notices', () => {
  let stage: FalStage;

  beforeAll(async () => (stage = await FalStage.build(FACTOR)));
  afterAll(() => stage.tearDown());
  beforeEach(() => stage.renew());

  it('can be lost', async () => {
    await stage.fault('lose');
    await stage.ended(await stage.submit());
    const next = await stage.submit();
    const [only] = await stage.receiver.wait(1);
    expect(told(only).request_id).toBe(next);
  });

  it.each([true, false])('can be doubled (in parallel: %s)', async (parallel) => {
    const all = await stage.struck(3, 'duplicate', { copies: 2, parallel });
    expect(new Set(all.map((one) => one.body)).size).toBe(1);
    for (const one of all) expect(await stage.isGenuine(one)).toBe(true);
  });

  it('can be late', async () => {
    const from = Date.now();
    await stage.struck(1, 'delay', { ms: 150 });
    expect(Date.now() - from).toBeGreaterThanOrEqual(150);
  });

  it('can overtake each other', async () => {
    await stage.fault('reorder');
    const first = await stage.submit();
    await stage.ended(first);
    const second = await stage.submit();
    expect((await stage.receiver.wait(2)).map((one) => told(one).request_id)).toEqual([second, first]);
  });

  it('can overtake the answer to the submit', async () => {
    await stage.fault('before-answer');
    const id = await stage.submit();
    expect(stage.receiver.received.map((one) => told(one).request_id)).toEqual([id]);
  });

  it('can lack the payload, which the queue still has', async () => {
    const [one] = await stage.struck(1, 'payload-missing', { error: 'too large' });
    expect(told(one)).toMatchObject({ status: 'OK', payload: null, error: null, payload_error: 'too large' });
    expect((await stage.result(told(one).request_id)).body).toHaveProperty('diffusers_lora_file.url');
  });

  it('can be signed with a key that is not listed, on all tries or on the first ones', async () => {
    const [forged] = await stage.struck(1, 'wrong-key');
    expect(await stage.isGenuine(forged)).toBe(false);
    stage.receiver.received.length = 0;
    let tries = 0;
    stage.receiver.react((response) => response.writeHead(++tries === 1 ? 401 : 200).end());
    const all = await stage.struck(2, 'wrong-key', { tries: 1 });
    expect([await stage.isGenuine(all[0]), await stage.isGenuine(all[1])]).toEqual([false, true]);
  });

  it('can be another account’s, signed all the same', async () => {
    const [one] = await stage.struck(1, 'wrong-user', { id: 'user-2' });
    expect(one?.headers['x-fal-webhook-user-id']).toBe('user-2');
    expect(await stage.isGenuine(one)).toBe(true);
  });

  it.each([
    ['stale-timestamp', -900],
    ['future-timestamp', 900],
  ])('can be from another time: %s', async (fault, shift) => {
    const [one] = await stage.struck(1, fault, { seconds: 900 });
    const stamp = Number(one?.headers['x-fal-webhook-timestamp']);
    expect(Math.abs(stamp - shift - Date.now() / 1000)).toBeLessThan(5);
    expect(await stage.isGenuine(one)).toBe(true);
  });

  it.each([
    [false, 3],
    [true, 1],
  ])('can be signed with a key of a moment ago (the old ones gone: %s)', async (drop, listed) => {
    const keysOf = async () => ((await (await fetch(stage.sandbox.fal.jwksUrl)).json()) as { keys: object[] }).keys;
    const before = await keysOf();
    const [one] = await stage.struck(1, 'rotate-key', { drop });
    const after = await keysOf();
    expect(after).toHaveLength(listed);
    expect(before).not.toContainEqual(after.at(-1));
    expect(await stage.isGenuine(one)).toBe(true);
  });

  it('can be written again on the way, which spoils the proof and the numbers', async () => {
    await stage.fault('big-seed', { times: 2 });
    const [whole] = await stage.struck(1, 'duplicate', { copies: 0 });
    expect(whole?.body).toContain('"seed": 9007199254740993');
    expect(await stage.isGenuine(whole)).toBe(true);
    stage.receiver.received.length = 0;
    const [spoilt] = await stage.struck(1, 'reserialised');
    expect(spoilt?.body).toContain('"seed":9007199254740992');
    expect(await stage.isGenuine(spoilt)).toBe(false);
  });

  it('can name another id for the internal try', async () => {
    const [one] = await stage.struck(1, 'other-gateway');
    expect(told(one).gateway_request_id).not.toBe(told(one).request_id);
    expect(one?.headers['x-fal-webhook-request-id']).toBe(told(one).request_id);
  });

  it('can use a word that nobody knows', async () => {
    expect(told((await stage.struck(1, 'unknown-word', { status: 'FINE' }))[0]).status).toBe('FINE');
  });

  it.each(['result', 'output', 'response'])(
    'can be worded as by a relay, with the %s first and progress after it',
    async (under) => {
      const [end, progress] = await stage.struck(2, 'relay-shape', { status: 'COMPLETED', under, progressAfter: true });
      const { request_id } = told(end);
      const { body } = await stage.result(request_id);
      expect(told(end)).toEqual({ request_id, status: 'COMPLETED', [under]: body });
      expect(told(progress)).toEqual({ request_id, status: 'in_progress', progress: 60 });
    },
  );

  it('can complete twice, with different results', async () => {
    const [one, other] = await stage.struck(2, 'contradict');
    expect(told(one).request_id).toBe(told(other).request_id);
    expect(told(one).payload).not.toEqual(told(other).payload);
    expect([await stage.isGenuine(one), await stage.isGenuine(other)]).toEqual([true, true]);
  });

  it('can be joined or replaced by something else', async () => {
    const both = await stage.struck(2, 'extra-notice-body', { body: { hello: 1 } });
    expect(both[0]?.body).toBe('{"hello":1}');
    stage.receiver.received.length = 0;
    const [only] = await stage.struck(1, 'extra-notice-body', { body: 'not json', instead: true });
    expect(only?.body).toBe('not json');
    expect(await stage.isGenuine(only)).toBe(true);
  });

  it('keep the time of the first try on all retries, if asked to', async () => {
    let tries = 0;
    const started = Date.now();
    stage.receiver.react((response) => setTimeout(() => response.writeHead(++tries < 3 ? 500 : 200).end(), 600));
    const all = await stage.struck(3, 'frozen-timestamp');
    await until(() => tries === 3, 'the third answer');
    expect(Date.now() - started).toBeGreaterThan(1_000);
    expect(new Set(all.map(({ headers }) => headers['x-fal-webhook-timestamp'])).size).toBe(1);
  });
});
