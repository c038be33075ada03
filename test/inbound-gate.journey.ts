import { randomUUID } from 'node:crypto';
import { RefusedNotice } from '../src/kernel/webhooks/inbound-source.js';
import type { InboundSource } from '../src/kernel/webhooks/inbound-source.js';
import { SourceRegistry } from '../src/kernel/webhooks/source-registry.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';

/** Ten seconds pass in six: long enough for twenty refusals on a busy machine. */
const FACTOR = 0.6;

describe('An address whose notices are refused too often', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await (await World.create('inbound gate', { factor: FACTOR, env: { TRUST_PROXY: 'true' } })).start();
    inbox = new Inbox(world);
  });

  afterAll(() => world.end());

  let hosts = 0;
  const somebody = () => `198.51.100.${++hosts}`;
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const running = async () => {
    await world.vendor.fault('hang');
    const job = await world.until((await world.diarize()).id, 'running');
    return { ...job, externalId: job.externalId ?? '' };
  };

  it('is answered 429 after twenty refusals, but never where our own signature is on the address', async () => {
    const job = await running();
    const bully = somebody();
    const bad = () => inbox.send('{}', { secret: 'whs_wrong', ...from(bully) });
    const good = () => ({ jobId: randomUUID(), status: 'failed' });
    expect((await Promise.all(Array.from({ length: 20 }, bad))).map(({ status }) => status)).toEqual(
      Array(20).fill(401),
    );

    for (let i = 0; i < 5; i++) {
      const answer = await bad();
      expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_refusals' } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await inbox.send(good(), from(bully))).status).toBe(429);
    const other = await inbox.send(good(), from(somebody()));
    const to = await inbox.addressOf(job.id);
    const named = await inbox.send({ jobId: job.externalId, status: 'failed' }, { to, ...from(bully) });
    const tampered = await inbox.send(good(), { to: to.replace(/job=[^&]*/, `job=${randomUUID()}`), ...from(bully) });
    expect([other.status, named.status, tampered.status]).toEqual([200, 200, 429]);
    await world.until(job.id, 'failed');

    await eventually('the address is let in again', async () => (await inbox.send(good(), from(bully))).status === 200);
  });
});

interface RefusalAnswer {
  address: string;
}

/** A vendor that shows a token, as others do: what proves it is in the header, before the body is read. */
const RELAY: InboundSource = {
  name: 'relay',
  provider: 'pyannote',
  paths: [],
  secretHeaders: ['x-token'],
  missingKeys: () => [],
  verify: (headers) => {
    if (headers['x-token'] !== 'genuine') throw new RefusedNotice('wrong_token', 'the token is not ours');
  },
  identify: () => null,
  provesItself: (headers) => headers['x-token'] === 'genuine',
};

describe('Whose refused notices are counted together', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    world = await World.create('inbound gate proxies', { factor: FACTOR });
    inbox = new Inbox(world);
  });

  afterEach(() => world.stop());

  afterAll(() => world.end());

  const startBehind = (proxies: string) => world.start({ TRUST_PROXY: proxies });
  const from = (forwarded: string) => ({ headers: { 'x-forwarded-for': forwarded } });
  const bad = async (forwarded: string) => (await inbox.send('{}', { secret: 'whs_wrong', ...from(forwarded) })).status;
  const good = async (forwarded: string) =>
    (await inbox.send({ jobId: randomUUID(), status: 'failed' }, from(forwarded))).status;
  const twenty = (work: (i: number) => Promise<number>) => Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));
  const addressesKept = async () =>
    (await world.client.get<{ items: RefusalAnswer[] }>('/v1/refusals?limit=100')).body.items.map(
      ({ address }) => address,
    );

  it.each(['false', '10.0.0.0/8'])('is said by the socket where TRUST_PROXY=%s trusts nobody here', async (proxies) => {
    await startBehind(proxies);
    expect(new Set(await twenty((i) => bad(`203.0.113.${i + 1}`)))).toEqual(new Set([401]));
    expect([await bad('203.0.113.99'), await good('203.0.113.99')]).toEqual([429, 429]);
    await eventually('a refusal is kept', async () => (await addressesKept()).includes('127.0.0.1'));
    expect(new Set(await addressesKept())).toEqual(new Set(['127.0.0.1']));
  });

  it('is said by the trusted proxy: two vendors behind one ingress are two', async () => {
    await startBehind('127.0.0.0/8');
    const [bully, vendor] = ['198.51.100.1', '198.51.100.2'];
    expect(new Set(await twenty(() => bad(bully)))).toEqual(new Set([401]));
    expect([await bad(bully), await good(bully)]).toEqual([429, 429]);
    expect(new Set(await twenty(() => good(vendor)))).toEqual(new Set([200]));
    expect(await bad(vendor)).toBe(401);
  });

  it.each([
    ['127.0.0.0/8', (liar: string) => `${liar}, 198.51.100.1`],
    ['1', (liar: string) => `${liar}, 198.51.100.1`],
    ['127.0.0.1, 10.0.0.0/8', (liar: string) => `${liar}, 198.51.100.1, 10.0.0.7`],
    ['2', (liar: string) => `${liar}, 198.51.100.1, 10.0.0.7`],
  ])('is not said by whoever stands before the proxies of TRUST_PROXY=%s', async (proxies, forwarded) => {
    await startBehind(proxies);
    const vendor = '198.51.100.2';
    expect(new Set(await twenty((i) => bad(forwarded(`203.0.113.${i + 1}`))))).toEqual(new Set([401]));
    // Neither a new name nor that of a vendor in good standing lets the bully in, and the vendor has nothing to do with it.
    expect([await bad(forwarded('203.0.113.99')), await good(forwarded(vendor))]).toEqual([429, 429]);
    expect(await good(forwarded('').replace(/^, 198.51.100.1/, vendor))).toBe(200);
  });

  it('never matters to what proves itself, though all come through one ingress that nobody has named', async () => {
    await startBehind('false');
    world.app.get(SourceRegistry).register(RELAY);
    await world.vendor.fault('hang');
    const job = await world.until((await world.diarize()).id, 'running');
    const relay = async (token: string) =>
      (await inbox.send('{}', { to: '/webhooks/relay', headers: { 'x-token': token } })).status;
    const named = async (status: string) =>
      (await inbox.send({ jobId: job.externalId, status }, { to: await inbox.addressOf(job.id) })).status;

    expect(new Set(await twenty(() => bad('203.0.113.1')))).toEqual(new Set([401]));
    expect(new Set(await twenty(() => relay('forged')))).toEqual(new Set([401]));
    expect([await bad('203.0.113.1'), await relay('forged')]).toEqual([429, 429]);
    expect(await twenty(() => relay('genuine'))).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await named('failed')).toBe(200);
    await world.until(job.id, 'failed');
  });
});
