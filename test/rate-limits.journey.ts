import { KeysService } from '../src/kernel/teams/keys.service.js';
import { ApiClient } from './harness/api-client.js';
import type { Answer } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';

interface Problem {
  code: string;
  detail: string;
}

/** `"default";r=4;t=2` as numbers. */
function standing(answer: Answer<unknown>, policy = 'default'): { r: number; t: number } {
  const [, r, t] = new RegExp(`^"${policy}";r=(\\d+);t=(\\d+)$`).exec(answer.headers.get('ratelimit') ?? '') ?? [];
  if (r === undefined || t === undefined) throw new Error(`RateLimit: ${answer.headers.get('ratelimit')}`);
  return { r: Number(r), t: Number(t) };
}

const statuses = (answers: readonly Answer<unknown>[]) => answers.map(({ status }) => status);

describe('A caller', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('rate limits', {
      factor: 1,
      env: { RATE_LIMIT: '', RATE_LIMIT_REFUSALS: '', TRUST_PROXY: '127.0.0.1/32' },
    });
  });

  afterEach(() => world.stop());

  afterAll(() => world.end());

  const caller = async (): Promise<ApiClient> => world.client.withKey(await world.key());
  const nobody = () => world.client.withKey('sbx_nobody');
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const times = <T>(count: number, work: (i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, i) => work(i)));
  const limited = (by: string) => world.metric(new RegExp(`^signalbox_rate_limited_total\\{by="${by}"\\}`));

  it('reads on every answer how often he may ask, and how often still', async () => {
    await world.start();
    const client = await caller();
    const reader = world.client.withKey(await world.key(['jobs:read']));
    const answers = [
      await client.get('/v1/jobs'),
      await client.get('/v1/jobs?limit=0'),
      await client.get('/v1/jobs/019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11'),
      await client.post('/v1/diarizations', { url: world.vendor.audio, color: 'red' }),
      await client.post('/v1/diarizations', { url: world.vendor.audio }),
    ];
    expect(statuses(answers)).toEqual([200, 400, 404, 400, 202]);
    for (const answer of answers) expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=600;w=60');
    expect(answers.map((answer) => standing(answer).r)).toEqual([599, 598, 597, 596, 595]);
    for (const { t } of answers.map((answer) => standing(answer))) {
      expect(t).toBeGreaterThan(30);
      expect(t).toBeLessThanOrEqual(60);
    }
    const forbidden = await reader.post('/v1/diarizations', { url: world.vendor.audio });
    expect([forbidden.status, standing(forbidden).r]).toEqual([403, 599]);
  });

  it('is told 429 once he has asked that often, until the window ends; others are not', async () => {
    await world.start({ RATE_LIMIT: '20', RATE_LIMIT_WINDOW: '3' });
    const client = await caller();
    const answers = await times(30, () => client.get<Problem>('/v1/jobs?limit=1'));
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(20);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    for (const answer of refused) {
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
      expect(answer.body.code).toBe('rate_limited');
      expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=20;w=3');
      const { r, t } = standing(answer);
      expect([r, answer.headers.get('retry-after')]).toEqual([0, String(t)]);
      expect([1, 2, 3]).toContain(t);
    }
    expect(await limited('key')).toBe(10);
    expect((await (await caller()).get('/v1/jobs')).status).toBe(200);
    const again = await eventually('he is let in again', async () => {
      const answer = await client.get('/v1/jobs');
      return answer.status === 200 && answer;
    });
    expect(standing(again).r).toBe(19);
  });

  it('has asked once, however long the answer was waited for', async () => {
    await world.start({ RATE_LIMIT: '5' });
    const client = await caller();
    const waited = await client.post('/v1/diarizations', { url: world.vendor.audio }, { prefer: 'wait=2' });
    expect([standing(waited).r, standing(await client.get('/v1/jobs')).r]).toEqual([4, 3]);
  });

  it('is not limited where the limit is 0, nor told of one', async () => {
    await world.start({ RATE_LIMIT: '0', RATE_LIMIT_REFUSALS: '0' });
    const answers = await times(40, () => world.client.get('/v1/jobs?limit=1'));
    const refused = await times(40, () => nobody().get('/v1/jobs?limit=1'));
    expect([new Set(statuses(answers)), new Set(statuses(refused))]).toEqual([new Set([200]), new Set([401])]);
    for (const { headers } of [...answers, ...refused]) {
      expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
    }
  });

  it('is limited at the API only: not vendors, probes, scrapers, or readers of the documentation', async () => {
    await world.start({ RATE_LIMIT: '1', RATE_LIMIT_REFUSALS: '1' });
    await nobody().get('/v1/jobs');
    expect((await nobody().get('/v1/jobs')).status).toBe(429);
    const inbox = new Inbox(world);
    const notices = await times(30, (i) => inbox.send({ jobId: `rate-limits-${i}`, status: 'succeeded' }));
    expect(new Set(notices.map(({ status }) => status))).toEqual(new Set([200]));
    expect(notices[0]?.headers.ratelimit).toBeUndefined();
    for (const path of ['/', '/health', '/health/live', '/health/ready', '/metrics', '/docs', '/docs-json']) {
      const answers = await times(5, () => nobody().get(path));
      expect([path, new Set(statuses(answers))]).toEqual([path, new Set([200])]);
      expect(answers[0]?.headers.get('ratelimit')).toBeNull();
    }
  });

  describe('without a good key', () => {
    it('is turned away unasked after twenty tries from one address, whatever he says was before his proxy', async () => {
      await world.start();
      const bully = '198.51.100.1';
      const tries = [
        ...(await times(10, () => nobody().get<Problem>('/v1/jobs', from(bully)))),
        ...(await times(10, (i) =>
          new ApiClient(world.url).get<Problem>('/v1/jobs', from(`203.0.113.${i}, ${bully}`)),
        )),
      ];
      expect(new Set(statuses(tries))).toEqual(new Set([401]));
      expect(new Set(tries.map(({ headers }) => headers.get('ratelimit-policy')))).toEqual(
        new Set(['"refused-keys";q=20;w=60']),
      );
      expect(tries.map((answer) => standing(answer, 'refused-keys').r).sort((a, b) => b - a)).toEqual(
        Array.from({ length: 20 }, (_, i) => 19 - i),
      );
      const disguises = [bully, `203.0.113.77, ${bully}`, `::ffff:${bully}`];
      for (const disguise of disguises) {
        const answer = await nobody().get<Problem>('/v1/jobs', from(disguise));
        expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited']);
        const { r, t } = standing(answer, 'refused-keys');
        expect([r, answer.headers.get('retry-after')]).toEqual([0, String(t)]);
      }
      expect(await limited('address')).toBe(disguises.length);
      expect((await nobody().get('/v1/jobs', from('198.51.100.2'))).status).toBe(401);
    });

    it('does not shut out those who share his address and have one, not even a new one', async () => {
      await world.start();
      const shared = from('198.51.100.1');
      await times(25, () => nobody().get('/v1/jobs', shared));
      expect((await nobody().get('/v1/jobs', shared)).status).toBe(429);
      const answers = await times(30, () => world.client.get('/v1/jobs?limit=1', shared));
      expect(new Set(statuses(answers))).toEqual(new Set([200]));
      const { key, view } = await world.app.get(KeysService).create({ name: 'new', actor: 'test' });
      await eventually('the new key is known', async () => {
        return (await world.client.withKey(key).get('/v1/jobs', shared)).status === 200;
      });
      await world.db.execute('update api_keys set revoked_at = now() where id = $1', [view.id]);
      await eventually('the revoked key is not', async () => {
        return (await world.client.withKey(key).get('/v1/jobs', shared)).status === 429;
      });
    });

    it('gets no more tries from the many addresses of one IPv6 network', async () => {
      await world.start();
      const tries = await times(20, (i) => nobody().get('/v1/jobs', from(`2001:db8:0:1::${i + 1}`)));
      expect(new Set(statuses(tries))).toEqual(new Set([401]));
      expect((await nobody().get('/v1/jobs', from('2001:db8:0:1:ffff::1'))).status).toBe(429);
      expect((await nobody().get('/v1/jobs', from('2001:db8:0:2::1'))).status).toBe(401);
    });

    it('cannot borrow addresses where no proxy is trusted', async () => {
      await world.start({ TRUST_PROXY: 'false' });
      await times(20, (i) => nobody().get('/v1/jobs', from(`198.51.100.${i}`)));
      expect((await nobody().get('/v1/jobs', from('203.0.113.9'))).status).toBe(429);
      expect((await world.client.get('/v1/jobs', from('203.0.113.9'))).status).toBe(200);
    });
  });
});
