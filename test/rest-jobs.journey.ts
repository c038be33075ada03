import type { ApiClient } from './harness/api-client.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { EventAnswer, JobAnswer } from './harness/service.js';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

interface Refusal {
  code: string;
  errors?: { field: string }[];
}

const NOBODY = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('Jobs as their team reads them', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('rest-jobs')).start();
  });

  afterAll(() => world.end());

  async function pause(paused: boolean): Promise<void> {
    await world.db.execute(
      `insert into provider_states (provider, paused) values ('pyannote', $1)
       on conflict (provider) do update set paused = excluded.paused`,
      [paused],
    );
  }

  /** A team of its own, so that its list has nothing else in it. */
  async function team(name: string): Promise<ApiClient> {
    await world.team(name);
    return world.client.withKey(await world.key(['jobs:read', 'jobs:write'], name));
  }

  async function make(client: ApiClient, body: Record<string, unknown> = {}): Promise<JobAnswer> {
    const made = await client.post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio, ...body });
    expect(made.status).toBe(202);
    return made.body;
  }

  async function list(client: ApiClient, query = ''): Promise<Page<JobAnswer & { createdAt: string }>> {
    const { status, body } = await client.get<Page<JobAnswer & { createdAt: string }>>(`/v1/jobs?${query}`);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  }

  async function expectRefused(path: string, field: string, client: ApiClient = world.client): Promise<void> {
    const { status, body } = await client.get<Refusal>(path);
    expect({ path, status, fields: [...new Set(body.errors?.map((error) => error.field))] }).toEqual({
      path,
      status: 400,
      fields: [field],
    });
  }

  describe('in pages', () => {
    let client: ApiClient;
    let made: string[];

    beforeAll(async () => {
      await pause(true);
      client = await team('pages');
      made = [];
      for (let i = 0; i < 25; i++) made.push((await make(client)).id);
    });

    afterAll(() => pause(false));

    it('are seen each once, newest first, while new ones are made between two pages', async () => {
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await list(client, `limit=7${cursor}`);
        expect(page.items.length).toBeLessThanOrEqual(7);
        seen.push(...page.items.map((job) => job.id));
        await make(client);
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual([...made].reverse());
    });

    it('say that there is nothing more when the last page is exactly full', async () => {
      const all = await list(client, 'limit=100');
      const full = await list(client, `limit=${all.items.length}`);
      expect(full.items).toHaveLength(all.items.length);
      expect(full.nextCursor).toBeNull();
      expect((await list(client, `limit=${all.items.length - 1}`)).nextCursor).toEqual(expect.any(String));
    });

    it('hold 50 unless told, 1 to 100 when told, and nothing else', async () => {
      expect((await list(client, 'limit=1')).items).toHaveLength(1);
      for (const limit of ['0', '101', '-1', '1.5', 'many', '', '1e9', 'Infinity'])
        await expectRefused(`/v1/jobs?limit=${limit}`, 'limit');
      await expectRefused('/v1/jobs?limit=5&limit=6', 'limit');
    });

    it.each([
      'x',
      '*',
      '%00',
      '..%2f..',
      'null',
      'A'.repeat(400),
      cursorOf([]),
      cursorOf({}),
      cursorOf(null),
      cursorOf('text'),
      cursorOf(['text']),
      cursorOf([17]),
      cursorOf([[NOBODY]]),
      cursorOf([NOBODY, NOBODY]),
      cursorOf([`${NOBODY}' or '1'='1`]),
      cursorOf([`${NOBODY}\n`]),
      cursorOf(['\u0000']),
      '%F0%9F%93%8F',
    ])('never believe a cursor that is not theirs: %s', async (cursor) => {
      await expectRefused(`/v1/jobs?cursor=${cursor}`, 'cursor');
      await expectRefused(`/v1/jobs/${made[0]}/events?cursor=${cursor}`, 'cursor', client);
      await expectRefused(`/v1/deliveries?cursor=${cursor}`, 'cursor');
      await expectRefused(`/v1/refusals?cursor=${cursor}`, 'cursor');
    });

    it('never believe a cursor whose numbers are beyond all numbers, or that is given twice', async () => {
      for (const parts of [
        ['99999999999999999999', '1', '1'],
        ['1', '99999999999999999999', '1'],
        ['1', '1', '99999999999999999999'],
        ['2147483648', '1', '1'],
        ['-1', '1', '1'],
      ])
        await expectRefused(`/v1/jobs/${made[0]}/events?cursor=${cursorOf(parts)}`, 'cursor', client);
      await expectRefused(`/v1/jobs?cursor=${cursorOf([NOBODY])}&cursor=${cursorOf([NOBODY])}`, 'cursor');
    });
  });

  describe('filtered', () => {
    let client: ApiClient;
    let jobs: (JobAnswer & { createdAt: string })[];

    beforeAll(async () => {
      await pause(true);
      client = await team('filters');
      await make(client, { labels: { meeting: 'weekly', room: 'north' } });
      await make(client, { labels: { meeting: 'weekly', room: 'south' } });
      const { id } = await make(client, { labels: { meeting: 'daily: 9:00' } });
      await client.post(`/v1/jobs/${id}/cancel`);
      jobs = (await list(client)).items.reverse();
    });

    afterAll(() => pause(false));

    it.each<[string, number[]]>([
      ['status=queued', [0, 1]],
      ['status=canceled', [2]],
      ['status=queued,canceled', [0, 1, 2]],
      ['status=queued&status=canceled', [0, 1, 2]],
      ['status=succeeded', []],
      ['kind=diarization', [0, 1, 2]],
      ['kind=training,diarization', [0, 1, 2]],
      ['kind=training', []],
      ['kind=%00', []],
      ['label=meeting:weekly', [0, 1]],
      ['label=meeting:weekly&label=room:south', [1]],
      ['label=meeting:weekly&label=room:east', []],
      ['label=meeting:daily:%209:00', [2]],
      ['label=meeting:', []],
      ['label=meeting:%00', []],
      ['label=__proto__:weekly', []],
      ['label=meeting:weekly&status=canceled', []],
      ['team=own', [0, 1, 2]],
    ])('by %s', async (query, expected) => {
      const { items } = await list(client, query);
      expect(items.map((item) => jobs.findIndex((job) => job.id === item.id)).reverse()).toEqual(expected);
    });

    it('by the time at which they were made, from and until', async () => {
      const at = encodeURIComponent(jobs[1]?.createdAt ?? '');
      const ids = async (query: string) => (await list(client, query)).items.map((job) => job.id).reverse();
      const [first, second, third] = jobs.map((job) => job.id);
      expect(await ids(`createdAfter=${at}`)).toEqual(expect.arrayContaining([second, third]));
      expect(await ids(`createdBefore=${at}`)).not.toEqual(expect.arrayContaining([second]));
      expect(await ids('createdAfter=2000-01-01')).toEqual([first, second, third]);
      expect(await ids('createdBefore=2000-01-01T00:00:00%2B02:00')).toEqual([]);
      expect(await ids('createdAfter=2999-01-01T00:00:00Z')).toEqual([]);
    });

    it('by nothing that makes no sense', async () => {
      await expectRefused('/v1/jobs?status=finished', 'status');
      await expectRefused('/v1/jobs?status=queued,', 'status');
      await expectRefused('/v1/jobs?label=meeting', 'label');
      await expectRefused('/v1/jobs?team=theirs', 'team');
      await expectRefused('/v1/jobs?colour=red', 'colour');
      for (const time of ['yesterday', '17', '', '12/11/2025', '2025-13-01', '2025-11-21T10:00', '%2B275760-09-13'])
        await expectRefused(`/v1/jobs?createdAfter=${time}`, 'createdAfter');
      await expectRefused('/v1/deliveries?before=12/11/2025', 'before');
    });
  });

  it('are listed without their results, and shown with them', async () => {
    const client = await team('results');
    const { id } = await make(client);
    await world.until(id, 'succeeded');
    const [listed] = (await list(client)).items;
    expect(listed).not.toHaveProperty('result');
    expect(listed).toMatchObject({ id, status: 'succeeded' });
    const { body } = await client.get<JobAnswer>(`/v1/jobs/${id}`);
    expect(body.result?.diarization?.length).toBeGreaterThan(0);
    expect({ ...body, result: undefined, followUps: undefined }).toEqual({ ...listed, result: undefined });
  });

  it.each([NOBODY, 'x', 'null', '%00', '..%2Fhealth', `${NOBODY}x`, `{${NOBODY}}`, '0'.repeat(32)])(
    'are not there when their id is %s',
    async (id) => {
      for (const answer of [
        await world.client.get<Refusal>(`/v1/jobs/${id}`),
        await world.client.get<Refusal>(`/v1/jobs/${id}/events`),
        await world.client.post<Refusal>(`/v1/jobs/${id}/cancel`),
        await world.client.post<Refusal>(`/v1/jobs/${id}/resolve`, { to: 'failed', reason: 'x' }),
      ])
        expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 404, code: 'job_not_found' });
    },
  );

  describe('by their ETag', () => {
    it('are not sent again while they are the same, and are when they have changed', async () => {
      await pause(true);
      const submitted = await world.client.post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio });
      const path = submitted.headers.get('location') ?? '';
      expect(path).toBe(`/v1/jobs/${submitted.body.id}`);
      const etag = submitted.headers.get('etag') ?? '';
      expect((await world.client.get(path)).headers.get('etag')).toBe(etag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const same = await world.client.get<string>(path, { 'if-none-match': known });
        expect({ status: same.status, body: same.body, etag: same.headers.get('etag') }).toEqual({
          status: 304,
          body: '',
          etag,
        });
      }
      expect((await world.client.get(path, { 'if-none-match': '"other"' })).status).toBe(200);
      const canceled = await world.client.post(`${path}/cancel`);
      expect(canceled.headers.get('etag')).not.toBe(etag);
      const changed = await world.client.get<JobAnswer>(path, { 'if-none-match': etag });
      expect({ status: changed.status, job: changed.body.status }).toEqual({ status: 200, job: 'canceled' });
      await pause(false);
    });

    it('never look different under the same one, from submit to settled', async () => {
      await world.vendor.fault('processing', { ms: 700 });
      const { id } = await world.diarize({ webhook: false });
      const looks = new Map<string, Set<string>>();
      await eventually('the job is settled', async () => {
        const { body, headers } = await world.client.get<JobAnswer>(`/v1/jobs/${id}`);
        const etag = headers.get('etag') ?? '';
        looks.set(etag, (looks.get(etag) ?? new Set()).add(JSON.stringify(body)));
        return body.status === 'succeeded';
      });
      expect(looks.size).toBeGreaterThan(3);
      for (const under of looks.values()) expect([...under]).toHaveLength(1);
    });
  });

  describe('in their timeline', () => {
    it('tell what happened, when, and who caused it', async () => {
      const { id } = await world.diarize();
      const job = await world.until(id, 'succeeded');
      const events = await world.events(id);
      expect(events.map((event) => [event.type, event.cause.by])).toEqual(
        expect.arrayContaining([
          ['diarization.queued', 'api'],
          ['diarization.submitting', 'submit'],
          ['diarization.running', 'submit'],
          ['diarization.succeeded', 'notice'],
        ]),
      );
      const cause = (type: string) => events.find((event) => event.type === type)?.cause;
      expect(typeof cause('diarization.queued')?.key).toBe('string');
      expect(cause('diarization.queued')).toHaveProperty('requestId');
      expect(cause('diarization.submitting')).toMatchObject({ attempt: 1 });
      const delivery = await world.client.get<{ jobId: string; outcome: string }>(
        `/v1/deliveries/${cause('diarization.succeeded')?.delivery}`,
      );
      expect(delivery.body).toMatchObject({ jobId: id, outcome: 'applied' });
      const times = events.map((event) => Date.parse(event.at));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(Date.parse(job.settledAt ?? '')).toBeGreaterThanOrEqual(times[0] ?? Infinity);
    });

    it('can be walked in pages, oldest first, and leave nothing out', async () => {
      const { id } = await world.diarize();
      await world.until(id, 'succeeded');
      const all = await world.events(id);
      const walked: EventAnswer[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body } = await world.client.get<Page<EventAnswer>>(`/v1/jobs/${id}/events?limit=1${from}`);
        walked.push(...body.items);
        cursor = body.nextCursor;
      }
      expect(walked).toEqual(all);
    });
  });
});
