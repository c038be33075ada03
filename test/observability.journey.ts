import { Client } from 'pg';
import { ApiClient } from './harness/api-client.js';
import { whileAway } from './harness/away.js';
import { Command } from './harness/command.js';
import { eventually } from './harness/eventually.js';
import { insertKey } from './harness/raw-key.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { postNotice } from './harness/signed-notice.js';

interface Health {
  status: string;
  info: Record<string, { status: string }>;
  error: Record<string, { status: string; state?: string }>;
  details: Record<string, { status: string; state?: string }>;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

describe('What operators see of a running service', () => {
  let world: World;

  beforeAll(async () => {
    // Slow enough for a notice to come before its check is due, with a vendor who is done in no time.
    world = await (await World.create('observability', { factor: 0.05, env: { BODY_LIMIT: '2048' } })).start();
    await world.vendor.fault('processing', { ms: 20, times: null });
  });

  afterAll(() => world.end());

  async function samples(): Promise<{ name: string; labels: Record<string, string>; value: number }[]> {
    const text = await (await fetch(new URL('/metrics', world.url))).text();
    return text.split('\n').flatMap((line) => {
      const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (!found) return [];
      const labels = [...(found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]);
      return [
        { name: found[1] ?? '', labels: Object.fromEntries(labels) as Record<string, string>, value: Number(found[3]) },
      ];
    });
  }

  /** The sum of all samples of that name with these labels. */
  async function metric(name: string, labels: Record<string, string | number>): Promise<number> {
    const fits = (own: Record<string, string>) =>
      Object.entries(labels).every(([key, value]) => own[key] === String(value));
    return (await samples()).filter((s) => s.name === name && fits(s.labels)).reduce((sum, s) => sum + s.value, 0);
  }

  const answered = (method: string, route: string, status: number) =>
    metric('signalbox_http_request_duration_seconds_count', { method, route, status });

  async function health(path: string): Promise<{ status: number; body: Health }> {
    const response = await fetch(new URL(path, world.url));
    return { status: response.status, body: (await response.json()) as Health };
  }

  /** A job that a fault can be meant for. */
  const diarize = (name: string) => world.diarize({ url: `${world.vendor.audio}?${name}` });

  describe('in its metrics', () => {
    it('is what happened to jobs and notices, and what settled them', async () => {
      await world.until((await diarize('comes')).id, 'succeeded');
      await world.vendor.fault('fail', { match: { url: 'fails' } });
      await world.until((await diarize('fails')).id, 'failed');
      await world.vendor.fault('lose', { match: { url: 'lost' } });
      const { id } = await diarize('lost');
      await eventually('the vendor is done', async () => {
        const { jobs } = await world.vendor.record();
        return jobs.some((job) => job.request.webhook?.includes(id) && job.status === 'succeeded');
      });
      await world.until(id, 'running');
      await world.db.execute('update jobs set check_at = now() where id = $1', [id]);
      await world.until(id, 'succeeded');
      const settled = (status: string, by: string) =>
        metric('signalbox_jobs_settled_total', { kind: 'diarization', status, by });
      expect(await settled('succeeded', 'notice')).toBe(1);
      expect(await settled('succeeded', 'check')).toBe(1);
      expect(await settled('failed', 'notice')).toBe(1);
      expect(await metric('signalbox_jobs_created_total', { kind: 'diarization' })).toBe(3);
      expect(await metric('signalbox_repairs_total', { kind: 'diarization' })).toBe(1);
      expect(await metric('signalbox_submits_total', { provider: 'pyannote', outcome: 'running' })).toBe(3);
      expect(await metric('signalbox_deliveries_received_total', { source: 'pyannote', novelty: 'new' })).toBe(2);
      await eventually('both notices are counted', async () => {
        return (await metric('signalbox_deliveries_processed_total', { source: 'pyannote', outcome: 'applied' })) === 2;
      });
      expect(
        await metric('signalbox_vendor_request_duration_seconds_count', { operation: 'submit', outcome: 'ok' }),
      ).toBe(3);
    });

    it.each<[string, Parameters<typeof postNotice>[2]]>([
      ['wrong_signature', { secret: 'whs_of-somebody-else' }],
      ['missing_signature', { secret: '', headers: { 'x-signature': undefined } }],
      ['stale', { secret: '', timestamp: '1000000000' }],
    ])('is every notice that was turned away, by reason: %s', async (reason, options) => {
      const refused = () => metric('signalbox_verifications_failed_total', { source: 'pyannote', reason });
      const before = await answered('POST', '/webhooks/:source', 401);
      const { status } = await postNotice(`${world.url}/webhooks/pyannote`, '{}', {
        ...options,
        secret: options.secret || world.vendor.webhookSecret,
      });
      expect(status).toBe(401);
      expect(await refused()).toBe(1);
      await eventually('the request is counted, once', async () => {
        return (await answered('POST', '/webhooks/:source', 401)) === before + 1;
      });
    });

    it('is every request, once, whoever answered it: a handler, a guard, a pipe, a parser or the router', async () => {
      const limit = { url: world.vendor.audio, labels: { note: 'x'.repeat(4_096) } };
      const cases: [() => Promise<{ status: number }>, string, string, number][] = [
        [() => world.client.get('/v1/jobs'), 'GET', '/v1/jobs', 200],
        [() => fetch(new URL('/v1/jobs', world.url)), 'GET', '/v1/jobs', 401],
        [() => world.client.get('/v1/jobs?limit=0'), 'GET', '/v1/jobs', 400],
        [() => world.client.get('/v1/jobs/one-that-is-not-there'), 'GET', '/v1/jobs/:id', 404],
        [() => world.client.post('/v1/diarizations', {}), 'POST', '/v1/diarizations', 400],
        [() => world.client.post('/v1/diarizations', '{'), 'POST', '/v1/diarizations', 400],
        [
          () => world.client.post('/v1/diarizations', 'x', { 'content-type': 'text/plain' }),
          'POST',
          '/v1/diarizations',
          415,
        ],
        [() => world.client.post('/v1/diarizations', limit), 'POST', '/v1/diarizations', 413],
        [() => world.client.post('/webhooks/nobody', {}), 'POST', '/webhooks/:source', 404],
        [() => world.client.get('/nowhere/at/all'), 'GET', 'none', 404],
        [() => world.client.get('/v1/jobs/%zz'), 'GET', 'none', 400],
      ];
      for (const [ask, method, route, status] of cases) {
        const before = await answered(method, route, status);
        expect({ route, status: (await ask()).status }).toEqual({ route, status });
        await eventually(`${method} ${route} ${status} is counted`, async () => {
          return (await answered(method, route, status)) > before;
        });
        expect({ route, status, count: await answered(method, route, status) }).toEqual({
          route,
          status,
          count: before + 1,
        });
      }
    });

    it('has names and labels from closed sets only: no ids, no addresses, nothing that callers make up', async () => {
      const made = `made-up-${Date.now()}`;
      await world.client.get(`/${made}`);
      await world.client.get(`/v1/jobs/${made}`);
      await world.client.get(`/v1/jobs?status=${made}`);
      await postNotice(`${world.url}/webhooks/${made}`, '{}', { secret: made });
      await postNotice(`${world.url}/webhooks/pyannote`, '{}', {
        secret: world.vendor.webhookSecret,
        headers: { 'x-retry-num': made, 'x-retry-reason': made },
      });
      const { body } = await world.client.get<{ paths: object }>('/docs-json');
      const routes = new Set(Object.keys(body.paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1')));
      const all = (await samples()).filter(({ name }) => name.startsWith('signalbox_'));
      expect(all.length).toBeGreaterThan(50);
      for (const { name, labels } of all) {
        for (const [label, value] of Object.entries(labels)) {
          expect({ name, label, value }).not.toMatchObject({ value: expect.stringMatching(UUID) as string });
          expect({ name, label, value }).not.toMatchObject({ value: expect.stringContaining('made-up') as string });
          if (label === 'route') expect(routes.has(value) || value === 'none' || value.startsWith('/docs')).toBe(true);
          else if (label === 'le') expect(value).toMatch(/^(\+Inf|[\d.]+)$/);
          else expect(value).toMatch(/^([A-Z]+|[a-z][a-z_:-]*|\d{3}|)$/);
        }
      }
    });

    it('says what the process itself takes', async () => {
      const names = new Set((await samples()).map(({ name }) => name));
      for (const name of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds', 'process_resident_memory_bytes'])
        expect(names).toContain(name);
    });
  });

  describe('in its health', () => {
    it('is that it lives, has started, and wants traffic', async () => {
      expect(await health('/health/live')).toEqual({
        status: 200,
        body: { status: 'ok', info: {}, error: {}, details: {} },
      });
      const process = { process: { status: 'up' } };
      expect(await health('/health/startup')).toEqual({
        status: 200,
        body: { status: 'ok', info: process, error: {}, details: process },
      });
      const both = { ...process, postgres: { status: 'up' } };
      for (const path of ['/health/ready', '/health'])
        expect(await health(path)).toEqual({
          status: 200,
          body: { status: 'ok', info: both, error: {}, details: both },
        });
    });

    it('is that it does not want traffic while Postgres is away, and does again when it is back', async () => {
      const before = await answered('GET', '/v1/jobs', 500);
      await whileAway(world.database, async () => {
        const away = await eventually('it is not ready', async () => {
          const found = await health('/health/ready');
          return found.status === 503 ? found.body : undefined;
        });
        expect(away).toEqual({
          status: 'error',
          info: { process: { status: 'up' } },
          error: { postgres: { status: 'down' } },
          details: { process: { status: 'up' }, postgres: { status: 'down' } },
        });
        expect((await health('/health')).status).toBe(503);
        // A restart would help nobody.
        expect((await health('/health/live')).status).toBe(200);
        expect((await health('/health/startup')).status).toBe(200);
        const refused = await world.client.get<{ code: string; detail: string }>('/v1/jobs');
        expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 503, code: 'unavailable' });
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        const notice = await postNotice(`${world.url}/webhooks/pyannote`, '{"jobId":"x"}', {
          secret: world.vendor.webhookSecret,
        });
        expect({ status: notice.status, again: Number(notice.headers['retry-after']) > 0 }).toEqual({
          status: 503,
          again: true,
        });
      });
      await eventually('it is ready again', async () => (await health('/health/ready')).status === 200);
      expect((await world.client.get('/v1/jobs')).status).toBe(200);
      expect(await answered('GET', '/v1/jobs', 503)).toBe(1);
      expect(await answered('GET', '/v1/jobs', 500)).toBe(before);
    });

    it('is that it wants no more traffic while it stops, until what is in hand is done', async () => {
      await world.vendor.fault('slow', { ms: 1_500, match: { url: 'slow' } });
      const { id } = await diarize('slow');
      await eventually('the vendor is asked', async () => {
        const [row] = await world.db.query<{ asked: boolean }>(
          'select asked_at is not null as asked from jobs where id = $1',
          [id],
        );
        return row?.asked;
      });
      const stopped = world.stop();
      const seen = await Promise.all([health('/health/ready'), health('/health/live'), health('/health/startup')]);
      expect(seen.map(({ status }) => status)).toEqual([503, 200, 200]);
      expect(seen[0]?.body.error).toEqual({ process: { status: 'down', state: 'stopping' } });
      await stopped;
      await world.start();
      const job = await world.until(id, 'succeeded');
      expect(job.externalId).not.toBeNull();
      expect((await world.events(id)).filter((event) => event.type === 'diarization.submitting')).toHaveLength(1);
    });
  });

  describe('in its log', () => {
    let process: Command;
    let db: Client;
    let key: string;
    let client: ApiClient;

    beforeAll(async () => {
      await world.stop();
      process = Command.start(['serve'], { env: { ...world.env, LOG_LEVEL: 'trace' } });
      const { url } = await process.logged('serving');
      db = new Client({ connectionString: world.database.url });
      await db.connect();
      key = await insertKey(db);
      client = new ApiClient(String(url), key);
    });

    afterAll(async () => {
      await db.end();
      await process.stop();
    });

    /** The line of that request, by the id that its answer carries. */
    function lineOf(headers: Headers): Promise<Record<string, unknown>> {
      const requestId = headers.get('x-request-id');
      return eventually(`the line of request ${requestId}`, () =>
        Promise.resolve(process.log.find((line) => line.msg === 'request' && line.requestId === requestId)),
      );
    }

    it('is one line for every request, found by its id, that says who asked what, and what came of it', async () => {
      const made = await client.post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio }, { prefer: 'wait=10' });
      expect(made.status).toBe(200);
      expect(await lineOf(made.headers)).toMatchObject({
        level: 'info',
        service: 'signalbox',
        method: 'POST',
        route: '/v1/diarizations',
        status: 200,
        jobId: made.body.id,
        team: 'default',
        address: '127.0.0.1',
      });
      const refused = await client.post('/v1/diarizations', { colour: 'red' });
      expect(await lineOf(refused.headers)).toMatchObject({ level: 'info', status: 400, problem: 'invalid_request' });
      const nobody = await client.withKey('sbx_wrong').get('/v1/jobs');
      expect(await lineOf(nobody.headers)).toMatchObject({ level: 'info', status: 401, problem: 'unauthorized' });
    });

    it('is one line for every piece of work, found by the id of its job', async () => {
      const { status, body } = await client.post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio });
      expect(status).toBe(202);
      // On a busy machine the job may be asked about before its notice is read, which then changes nothing.
      const works = await eventually('the work on the job is told', () => {
        const found = process.log.filter(
          (line) => line.jobId === body.id && line.msg !== 'request' && line.event !== 'job.changed',
        );
        const read = found.some((line) => line.msg === 'process' && line.outcome !== 'waiting');
        if (!read || !found.some((line) => line.msg === 'submit')) throw new Error(JSON.stringify(found));
        return Promise.resolve(found);
      });
      expect(works.map((line) => [line.msg, line.outcome])).toEqual(
        expect.arrayContaining([
          ['submit', 'running'],
          ['process', expect.stringMatching(/^(applied|ignored)$/) as string],
        ]),
      );
      for (const line of works)
        expect(line).toMatchObject({ unit: expect.any(String) as string, attempt: expect.any(Number) as number });
    });

    it('is our own failures as errors, with the id that the caller got, and the caller gets nothing else', async () => {
      await db.query(
        `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'out of paper'; end $$`,
      );
      await db.query('create trigger refuse before insert on jobs for each row execute function refuse()');
      const { status, body, headers } = await client.post('/v1/diarizations', { url: world.vendor.audio });
      await db.query('drop trigger refuse on jobs');
      expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal_error' });
      expect(JSON.stringify(body)).not.toMatch(/paper|insert|jobs/i);
      expect(await lineOf(headers)).toMatchObject({ level: 'error', status: 500 });
      const told = process.log.filter((line) => line.requestId === body.requestId && line.msg !== 'request');
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({
        level: 'error',
        error: { message: expect.stringContaining('out of paper') as string, stack: expect.any(String) as string },
      });
    });

    it('is never a secret: no key, no webhook secret, no signature of ours on an address', async () => {
      const k = 'AbCd.c2VjcmV0LW9mLW91ci1vd24';
      const address = `${client.url}/webhooks/pyannote?job=019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11&w=x.y&k=${k}`;
      await postNotice(address, '{"jobId":"x"}', { secret: world.vendor.webhookSecret });
      await postNotice(address.replace('/webhooks/pyannote', '/webhook'), '{}', { secret: 'wrong' });
      await client.get(`/v1/jobs?k=${k}&cursor=x`);
      await client.get(`/nowhere?token=${k}&x=1`);
      await client.post('/v1/diarizations', { url: world.vendor.audio }, { prefer: 'wait=10' });
      const { headers } = await client.get('/v1/jobs');
      await lineOf(headers);
      const { stdout, stderr, with: code } = await process.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout.trim().split('\n');
      expect(lines.length).toBeGreaterThan(20);
      for (const line of lines)
        expect(JSON.parse(line)).toMatchObject({ service: 'signalbox', time: expect.any(String) as string });
      const password = new URL(world.database.url).password;
      const secrets = [
        key,
        key.slice(12),
        k,
        k.slice(5),
        world.vendor.webhookSecret,
        world.env.PYANNOTEAI_API_KEY,
        world.env.SIGNALBOX_MASTER_KEY,
        ...(password === '' ? [] : [password]),
      ];
      for (const secret of secrets) expect(lines.filter((line) => line.includes(secret ?? '?'))).toEqual([]);
      const masked = lines.filter((line) => /[?&](k|token)=/.test(line));
      expect(masked.length).toBeGreaterThanOrEqual(4);
      for (const line of masked) expect(line).toMatch(/[?&](k|token)=\*\*\*/);
    });
  });
});
