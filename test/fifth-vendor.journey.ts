import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CopiedProject } from './fifth-vendor/copied-project.js';
import { Program } from './fifth-vendor/program.js';
import { ToyVendor } from './fifth-vendor/toy-vendor.js';
import type { Drawing } from './fifth-vendor/toy-vendor.js';
import { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import type { EventAnswer, JobAnswer } from './harness/service.js';
import { freePort } from './harness/service-process.js';
import { createTestDatabase, dropUnlessFailed } from './setup/test-database.js';
import type { TestDatabase } from './setup/test-database.js';

const TOY = join(__dirname, 'fifth-vendor', 'toy');

type Job = JobAnswer & {
  cancelRequestedAt: string | null;
  facts: Record<string, unknown>;
  result: { picture?: string } | null;
  followUps: { event: string; state: string; attempts: number; lastError: string | null }[];
};

describe('A fifth vendor, added as one folder and one line', () => {
  const vendor = new ToyVendor();
  let project: CopiedProject;
  let database: TestDatabase;
  let service: Program | null = null;
  let api: ApiClient;

  beforeAll(async () => {
    [project, database] = await Promise.all([CopiedProject.make(), createTestDatabase('fifth vendor')]);
    await project.addDomain(TOY, 'toy');
    await project.register('ToyModule', './toy/toy.module.js');
    await project.build();
    const env = {
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      SIGNALBOX_HOME: join(project.folder, '.signalbox'),
      SIGNALBOX_SANDBOX: 'true',
      SIGNALBOX_TIME_FACTOR: '0.01',
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      TOY_BASE_URL: await vendor.start(),
      TOY_KEY: vendor.key,
      TOY_SIGNING_SECRET: vendor.secret,
    };
    const signalbox = [process.execPath, join(project.folder, 'bin', 'signalbox.js')] as const;
    const options = { cwd: project.folder, env };
    const scopes = 'jobs:read,jobs:write,operate';
    const key = await Program.run([...signalbox, 'keys', 'create', '--name', 'journey', '--scopes', scopes], options);
    const url = `http://127.0.0.1:${env.PORT}`;
    service = await Program.start([...signalbox, 'serve'], options).ready(url);
    api = new ApiClient(url, key.trim());
  }, 300_000);

  afterAll(async () => {
    const end = await service?.stop();
    await vendor.stop();
    await dropUnlessFailed(database);
    await project.remove();
    expect(end).toBe(0);
  }, 60_000);

  const job = async (id: string) => (await api.get<Job>(`/v1/jobs/${id}`)).body;
  const types = async (id: string) => {
    const { body } = await api.get<{ items: EventAnswer[] }>(`/v1/jobs/${id}/events?limit=100`);
    return body.items;
  };
  const until = (id: string, what: string, holds: (job: Job) => boolean) =>
    eventually(`job ${id} ${what}`, async () => {
      const seen = await job(id);
      if (!holds(seen)) throw new Error(JSON.stringify({ ...seen, events: await types(id) }));
      return seen;
    });
  const order = async (subject: string, more: object = {}): Promise<Job> => {
    const made = await api.post<Job>('/v1/drawings', { subject, ...more });
    expect(made).toMatchObject({ status: 202, body: { kind: 'drawing', provider: 'toy' } });
    return made.body;
  };
  /** A job that the vendor has, and what it has of it. */
  const running = async (subject: string): Promise<{ id: string; drawing: Drawing }> => {
    const { id } = await order(subject);
    await until(id, 'runs', ({ status }) => status === 'running');
    const drawing = vendor.of(id);
    if (!drawing) throw new Error('the vendor was not asked');
    return { id, drawing };
  };
  const cancel = (id: string) => api.post<Job>(`/v1/jobs/${id}/cancel`);
  const asked = (path: string) => vendor.asked.filter((request) => request.path === path);
  const shelved = ({ drawing }: Drawing) => asked(`/shelf/${drawing}`).map(({ body }) => body.event);
  const metric = async (line: string) => {
    const text = (await api.get<string>('/metrics')).body;
    const found = text.split('\n').find((candidate) => candidate.startsWith(line));
    return found === undefined ? null : Number(found.slice(found.lastIndexOf(' ') + 1));
  };

  it('is its folder, one import and one name in the list: nothing else changed', async () => {
    const files = readdirSync(TOY).map((name) => `+ src/domains/toy/${name}`);
    expect(await project.changes()).toEqual([...files, '~ src/domains/enabled.ts'].sort());
    expect(await project.newLines('src/domains/enabled.ts')).toEqual([
      `import { ToyModule } from './toy/toy.module.js';`,
      expect.stringMatching(/^export const domains = \[.*, ToyModule\] as const/),
    ]);
  });

  it('keeps the rules of the house', async () => {
    expect(await project.houseRules()).toContain('no dependency violations found');
  }, 60_000);

  it('is in the documentation, and its mistakes are answered by the field', async () => {
    const { body } = await api.get<{ paths: Record<string, Record<string, { tags: string[] }>> }>('/docs-json');
    expect(body.paths['/v1/drawings']?.post?.tags).toEqual(['toys']);
    const wrong = await api.post('/v1/drawings', { subject: '', size: 3 });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'size' }, { field: 'subject' }] } });
  });

  it('does a job: submitted once, settled by its notice, followed up once', async () => {
    const { id, drawing } = await running('a signal box');
    expect(await vendor.tell(drawing, 'sketched')).toBe(200);
    expect(await until(id, 'is sketched', ({ phase }) => phase === 'sketched')).toMatchObject({ progress: 0.5 });
    expect(await vendor.tell(drawing, 'sketched')).toBe(200);
    expect(await vendor.tell(drawing, 'done')).toBe(200);
    expect(await vendor.tell(drawing, 'done')).toBe(200);
    const done = await until(
      id,
      'is followed up',
      ({ followUps }) => followUps.filter((f) => f.state === 'done').length === 2,
    );
    expect(done).toMatchObject({
      status: 'succeeded',
      externalId: drawing.drawing,
      result: { picture: '<svg>a signal box</svg>' },
      followUps: [
        { event: 'drawing.sketched', state: 'done', attempts: 1, lastError: null },
        { event: 'drawing.succeeded', state: 'done', attempts: 1, lastError: null },
      ],
    });
    expect((await types(id)).map(({ type }) => type)).toEqual(
      ['queued', 'submitting', 'running', 'sketched', 'succeeded'].map((word) => `drawing.${word}`),
    );
    expect(shelved(drawing)).toEqual(['drawing.sketched', 'drawing.succeeded']);
    expect(vendor.drawings.filter(({ subject }) => subject === 'a signal box')).toHaveLength(1);
  });

  it('has a lost notice repaired by asking', async () => {
    const { id, drawing } = await running('a lost notice');
    vendor.turn(drawing, 'done');
    await until(id, 'is repaired', ({ status }) => status === 'succeeded');
    expect((await types(id)).at(-1)).toMatchObject({ type: 'drawing.succeeded', cause: { by: 'check', repair: true } });
    expect(await metric('signalbox_repairs_total{kind="drawing"}')).toBe(1);
  });

  it('is not believed under another signature', async () => {
    const { id, drawing } = await running('a forgery');
    const url = drawing.notify ?? '';
    const forged = { id: 'n_f', drawing: drawing.drawing, state: 'done', picture: '<svg>forged</svg>' };
    const headers = { 'toy-signature': `t=${Math.floor(Date.now() / 1_000)},v1=${'0'.repeat(64)}` };
    expect(await api.post(url, forged, headers)).toMatchObject({ status: 401, body: { code: 'signature_refused' } });
    expect(await job(id)).toMatchObject({ status: 'running', result: null });
    expect(await metric('signalbox_verifications_failed_total{source="toy",reason="wrong_signature"}')).toBe(1);
    await vendor.tell(drawing, 'spoiled');
    expect(await until(id, 'failed', ({ status }) => status === 'failed')).toMatchObject({
      error: { code: 'vendor_failed' },
    });
  });

  it('cancels by the vendor’s word only: 202 and `canceling` until it comes', async () => {
    const { id, drawing } = await running('a canceled one');
    expect(await cancel(id)).toMatchObject({ status: 202, body: { status: 'running', phase: 'canceling' } });
    expect(await cancel(id)).toMatchObject({ status: 202, body: { phase: 'canceling' } });
    await eventually('the vendor is asked to stop', () => Promise.resolve(drawing.state === 'stopping'));
    await vendor.tell(drawing, 'sketched');
    expect(await job(id)).toMatchObject({ status: 'running', phase: 'canceling' });
    await vendor.tell(drawing, 'stopped');
    expect(await until(id, 'is canceled', ({ status }) => status === 'canceled')).toMatchObject({
      error: null,
      result: null,
    });
    expect(asked(`/drawings/${drawing.drawing}/stop`)).toHaveLength(1);
    expect(await cancel(id)).toMatchObject({ status: 200, body: { status: 'canceled' } });
  });

  it('lets a completion win that comes before the cancel is through', async () => {
    const { id, drawing } = await running('a quick one');
    expect((await cancel(id)).status).toBe(202);
    await eventually('the vendor is asked to stop', () => Promise.resolve(drawing.state === 'stopping'));
    await vendor.tell(drawing, 'done');
    await until(id, 'succeeded', ({ status }) => status === 'succeeded');
    await vendor.tell(drawing, 'stopped');
    await eventually('the late word is closed', async () => {
      const { body } = await api.get<{ items: { outcome: string }[] }>(`/v1/deliveries?job=${id}`);
      return body.items.filter(({ outcome }) => outcome === 'ignored').length === 1;
    });
    expect(await job(id)).toMatchObject({ status: 'succeeded', result: { picture: '<svg>a quick one</svg>' } });
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'already_settled' } });
  });

  it('calls a cancel that nobody asked for a failure', async () => {
    const { id, drawing } = await running('an unasked stop');
    await vendor.tell(drawing, 'stopped');
    const failed = await until(id, 'failed', ({ status }) => status === 'failed');
    expect(failed.error?.code).toBe('vendor_canceled');
  });

  it('waits with a cancel until the vendor has told its id', async () => {
    let answer: () => void = () => undefined;
    vendor.slow = new Promise((released) => (answer = released));
    const { id } = await order('a slow answer');
    const drawing = await eventually('the vendor has the order', () => Promise.resolve(vendor.of(id)));
    expect(await cancel(id)).toMatchObject({
      status: 202,
      body: { status: 'submitting', phase: 'canceling', externalId: null },
    });
    const waiting = await until(id, 'waits with the cancel', ({ followUps }) => (followUps[0]?.attempts ?? 0) >= 2);
    const [followUp] = waiting.followUps;
    expect(followUp).toMatchObject({ event: 'job.cancel_requested', state: 'waiting' });
    expect(followUp?.lastError).toContain('has not told its id');
    expect(asked(`/drawings/${drawing.drawing}/stop`)).toHaveLength(0);
    vendor.slow = null;
    answer();
    await eventually('the vendor is asked to stop', () => Promise.resolve(drawing.state === 'stopping'));
    await vendor.tell(drawing, 'stopped');
    await until(id, 'is canceled', ({ status }) => status === 'canceled');
    expect(asked(`/drawings/${drawing.drawing}/stop`)).toHaveLength(1);
  });

  it('tries again what follows an event, shows it, and leaves the job as it is', async () => {
    vendor.shelfBroken = 2;
    const { id, drawing } = await running('a broken shelf');
    await vendor.tell(drawing, 'done');
    const settled = await until(
      id,
      'is followed up',
      ({ followUps }) => followUps.every(({ state }) => state === 'done') && followUps.length > 0,
    );
    expect(settled).toMatchObject({
      status: 'succeeded',
      error: null,
      followUps: [{ event: 'drawing.succeeded', attempts: 3 }],
    });
    expect(shelved(drawing)).toEqual(Array(3).fill('drawing.succeeded'));
    expect((await types(id)).filter(({ type }) => type === 'drawing.succeeded')).toHaveLength(1);
  });

  it('shows why what follows an event has not been done yet', async () => {
    vendor.shelfBroken = Infinity;
    const { id, drawing } = await running('a shelf that stays broken');
    await vendor.tell(drawing, 'done');
    const seen = await until(id, 'has failed to follow up', ({ followUps }) => (followUps[0]?.attempts ?? 0) >= 2);
    expect(seen).toMatchObject({
      status: 'succeeded',
      followUps: [{ state: 'waiting', lastError: 'the shelf answers 500' }],
    });
    vendor.shelfBroken = 0;
    await until(id, 'is followed up', ({ followUps }) => followUps[0]?.state === 'done');
  });

  it('is measured like all others', async () => {
    expect(await metric('signalbox_notice_delay_seconds_count{source="toy"}')).toBeGreaterThan(5);
    expect(await metric('signalbox_job_duration_seconds_count{kind="drawing",status="succeeded"}')).toBeGreaterThan(2);
    expect(await metric('signalbox_vendor_requests_per_job_count{kind="drawing"}')).toBeGreaterThan(5);
    for (const verb of ['submit', 'check', 'process', 'after']) {
      expect(await metric(`signalbox_queue_oldest_seconds{queue="${verb}:toy"}`)).not.toBeNull();
    }
  });
});
