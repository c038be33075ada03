import { randomUUID } from 'node:crypto';
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
