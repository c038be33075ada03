import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { SseClient } from './harness/sse.js';

describe('The stream', () => {
  let world: World;
  let key: string;
  const open: SseClient[] = [];

  beforeAll(async () => {
    world = await (await World.create('stream', { factor: 0.02 })).start();
    key = await world.key(['jobs:read', 'jobs:write']);
    await world.team('second');
  });

  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });

  afterAll(() => world.end());

  async function stream(path = '/v1/stream', as = key, headers: Record<string, string> = {}): Promise<SseClient> {
    const client = await SseClient.open(world.url + path, as, headers);
    open.push(client);
    return client;
  }

  async function settled(body: Record<string, unknown> = {}): Promise<JobAnswer> {
    return world.until((await world.diarize(body)).id);
  }

  const has = (id: string) => (client: SseClient) => client.jobs.includes(id);

  it('begins with its headers, the time to come back after, and a place to come back to', async () => {
    const client = await stream();
    await client.until('it has begun', ({ lastId }) => lastId);
    expect({ status: client.status, retry: client.retry, events: client.events }).toEqual({
      status: 200,
      retry: 2_000,
      events: [],
    });
    expect(client.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': expect.stringMatching(/\S/) as string,
    });
    expect(client.headers['content-encoding']).toBeUndefined();
  });

  it('tells what the team is told, with the body of the webhooks, and nothing from before it was opened', async () => {
    const before = await settled();
    const client = await stream();
    const { id } = await settled();
    await client.until('the job is told of', has(id));
    expect(client.types).toEqual(['diarization.succeeded']);
    const [told] = client.told;
    const [row] = await world.db.query<{ at: Date; data: object; place: string }>(
      `select at, data, concat_ws('-', epoch, tx, seq) as place from events where job_id = $1 and data is not null`,
      [id],
    );
    expect(told).toEqual({ type: 'diarization.succeeded', timestamp: row?.at.toISOString(), data: row?.data });
    expect(Object.keys(told ?? {})).toEqual(['type', 'timestamp', 'data']);
    expect(client.ids).toEqual([row?.place]);
    expect(has(before.id)(client)).toBe(false);
  });

  it('tells only the types, kinds and labels that are asked for', async () => {
    const queries = {
      all: '',
      failed: '?types=*.failed',
      both: '?types=diarization.failed,diarization.succeeded',
      twice: '?types=diarization.failed&types=*.succeeded',
      kind: '?kinds=diarization',
      otherKind: '?kinds=identification,voiceprint',
      label: '?label=room:4&label=floor:1',
      otherLabel: '?label=room:5',
    };
    const clients = await Promise.all(Object.values(queries).map((query) => stream(`/v1/stream${query}`)));
    const url = `${world.vendor.audio}?filters`;
    await world.vendor.fault('fail', { error: 'no speech', match: { url } });
    const failed = await settled({ url });
    const labelled = await settled({ labels: { room: '4', floor: '1' } });
    await clients[0]?.until('both are told of', (client) => has(failed.id)(client) && has(labelled.id)(client));
    const last = await settled({ labels: { room: '5' } });
    await clients[0]?.until('the last is told of', has(last.id));
    await clients[7]?.until('the last is told of', has(last.id));
    const seen = Object.keys(queries).map((name, i) => {
      const ids = clients[i]?.jobs ?? [];
      return [name, [failed.id, labelled.id, last.id].filter((id) => ids.includes(id)).length, ids.length];
    });
    expect(seen).toEqual([
      ['all', 3, 3],
      ['failed', 1, 1],
      ['both', 3, 3],
      ['twice', 3, 3],
      ['kind', 3, 3],
      ['otherKind', 0, 0],
      ['label', 1, 1],
      ['otherLabel', 1, 1],
    ]);
  });

  it('is each team’s own, and of all teams for those who may see them', async () => {
    const stranger = await stream('/v1/stream', await world.key(['jobs:read'], 'second'));
    const operator = await stream('/v1/stream?team=all', await world.key(['jobs:read', 'operate'], 'second'));
    const own = await stream('/v1/stream?team=own', await world.key(['jobs:read', 'operate'], 'second'));
    const theirs = await world.client
      .withKey(await world.key(['jobs:read', 'jobs:write'], 'second'))
      .post<JobAnswer>('/v1/diarizations', { url: world.vendor.audio });
    const { id } = await settled();
    await operator.until('both are told of', (client) => has(id)(client) && has(theirs.body.id)(client));
    await stranger.until('its own is told of', has(theirs.body.id));
    await own.until('its own is told of', has(theirs.body.id));
    expect([stranger, own].map(has(id))).toEqual([false, false]);
  });

  it.each([
    ['/v1/stream?types=diarization', 'types'],
    ['/v1/stream?types=nothing.succeeded', 'types'],
    ['/v1/stream?types=', 'types'],
    ['/v1/stream?label=room', 'label'],
    ['/v1/stream?team=second', 'team'],
    ['/v1/stream?since=yesterday', 'since'],
    ['/v1/stream?colour=red', 'colour'],
    ['/v1/stream?lastEventId=latest', 'Last-Event-ID'],
    ['/v1/stream?lastEventId=1-2-3&lastEventId=1-2-4', 'lastEventId'],
    ['/v1/jobs/JOB/stream?types=*', 'types'],
    ['/v1/jobs/JOB/stream?lastEventId=1-2', 'Last-Event-ID'],
  ])('refuses %s before it begins, and names %s', async (path, field) => {
    const { id } = await world.diarize();
    const { status, headers, body } = await world.client.get<{ errors: { field: string }[] }>(path.replace('JOB', id));
    expect({ status, fields: body.errors.map((error) => error.field) }).toEqual({ status: 400, fields: [field] });
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('is no way past keys, scopes and teams', async () => {
    const { id } = await world.diarize();
    const other = world.client.withKey(await world.key(['jobs:read'], 'second'));
    const statuses = await Promise.all([
      other.get(`/v1/jobs/${id}/stream`),
      other.get('/v1/jobs/none/stream'),
      other.get('/v1/stream?team=all'),
      world.client.withKey(await world.key(['jobs:write'])).get('/v1/stream'),
      world.client.withKey('sbx_nobody').get('/v1/stream'),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 403, 403, 401]);
  });

  it('shows HEAD how it would begin', async () => {
    const { id } = await world.diarize();
    for (const path of ['/v1/stream', `/v1/jobs/${id}/stream`]) {
      const { status, headers, body } = await world.client.ask<string>(path, { method: 'HEAD' });
      expect({ status, type: headers.get('content-type'), body }).toEqual({
        status: 200,
        type: 'text/event-stream; charset=utf-8',
        body: '',
      });
    }
    expect(await world.metric(/^signalbox_streams_open /)).toBe(0);
  });

  it('of a job is its whole timeline in order, and ends after the final state', async () => {
    const { id } = await world.diarize();
    const client = await stream(`/v1/jobs/${id}/stream`);
    await client.until('it has ended', ({ over }) => over);
    const rows = await world.db.query<{ type: string; place: string; body: object }>(
      `select type, concat_ws('-', epoch, tx, seq) as place, coalesce(data, jsonb_build_object('jobId', job_id) || what) as body
       from events where job_id = $1 order by epoch, tx, seq`,
      [id],
    );
    expect(rows.length).toBeGreaterThan(2);
    expect({ over: client.over, types: client.types, ids: client.ids }).toEqual({
      over: 'end',
      types: rows.map(({ type }) => type),
      ids: rows.map(({ place }) => place),
    });
    expect(client.told.map(({ data }) => data)).toEqual(rows.map(({ body }) => body));
    expect(client.types.at(-1)).toBe('diarization.succeeded');

    const inTheMiddle = await stream(`/v1/jobs/${id}/stream`, key, { 'last-event-id': client.ids[1] ?? '' });
    await inTheMiddle.until('it has ended', ({ over }) => over);
    expect(inTheMiddle.ids).toEqual(client.ids.slice(2));
    const byAddress = await stream(`/v1/jobs/${id}/stream?lastEventId=${client.ids[1]}`);
    await byAddress.until('it has ended', ({ over }) => over);
    expect(byAddress.ids).toEqual(client.ids.slice(2));

    const atTheEnd = await client.again(`${world.url}/v1/jobs/${id}/stream`, key);
    expect({ status: atTheEnd.status, events: atTheEnd.events }).toEqual({ status: 204, events: [] });
  });

  it('goes back in time where it is asked to', async () => {
    const early = await settled();
    const since = new Date().toISOString();
    const late = await settled();
    const client = await stream(`/v1/stream?since=${since}`);
    await client.until('the late one is told of', has(late.id));
    expect(has(early.id)(client)).toBe(false);
    const day = await stream('/v1/stream?since=2020-01-01');
    await day.until('both are told of', (one) => has(early.id)(one) && has(late.id)(one));
    const rows = await world.db.query<{ place: string }>(
      `select concat_ws('-', epoch, tx, seq) as place from events
       where data is not null and team_id = (select team_id from jobs where id = $1) order by epoch, tx, seq`,
      [late.id],
    );
    expect(day.ids).toEqual(rows.map(({ place }) => place));
  });

  it('says every 15 s that it is there, and where it stands', async () => {
    const quiet = await stream('/v1/stream?kinds=identification');
    await quiet.until('it has begun', ({ lastId }) => lastId);
    const { lastId } = quiet;
    await settled();
    await quiet.until('it is alive', ({ comments }) => comments > 3);
    await quiet.until('its place has moved on', (client) => client.lastId !== lastId);
    expect(quiet.events).toEqual([]);
    // It may move on past the next one too.
    const place = quiet.lastId;
    const { id } = await settled();
    const again = await stream('/v1/stream', key, { 'last-event-id': place });
    await again.until('the job is told of', has(id));
  });

  it('ends within a minute of its key', async () => {
    const short = await world.key(['jobs:read']);
    const [client, other] = [await stream('/v1/stream', short), await stream()];
    await world.db.execute('update api_keys set expires_at = now() where prefix = $1', [short.slice(0, 10)]);
    await client.until('it has ended', ({ over }) => over === 'end');
    expect(other.over).toBeNull();
    expect((await world.client.withKey(short).get('/v1/stream')).status).toBe(401);
    expect(await world.metric(/^signalbox_stream_cut_total\{reason="key"\}/)).toBe(1);
  });

  it('says once that an id means nothing any more, and goes on with what there is', async () => {
    const rows = async () =>
      (
        await world.db.query<{ place: string }>(
          `select concat_ws('-', epoch, tx, seq) as place from events
         where data is not null and team_id = (select id from teams where name = 'default') order by epoch, tx, seq`,
        )
      ).map(({ place }) => place);
    const { id } = await settled();
    for (const strange of ['0-5-5', '7-5-5', '1-999999999999999-1']) {
      const client = await stream('/v1/stream', key, { 'last-event-id': strange });
      await client.until('the job is told of', has(id));
      expect(client.events[0]).toMatchObject({ event: 'reset', data: '{"reason":"epoch"}' });
      expect(client.ids.slice(1)).toEqual(await rows());
    }
    const [first = '', second] = await rows();
    const [epoch, tx] = first.split('-');
    await world.db.execute('delete from events where epoch = $1 and tx <= $2', [epoch, tx]);
    const trimmed = await eventually('it is not told of from memory', async () => {
      const client = await stream('/v1/stream', key, { 'last-event-id': first });
      await client.until('the job is told of', has(id));
      return client.ids[1] === second && client;
    });
    expect(trimmed.events[0]).toMatchObject({ event: 'reset', data: '{"reason":"trimmed"}' });
    const again = await stream('/v1/stream', key, { 'last-event-id': trimmed.ids[0] ?? '' });
    await again.until('the job is told of', has(id));
    expect(again.ids).toEqual(await rows());
  });

  it('lets one key have a hundred of them', async () => {
    const many = await world.key(['jobs:read']);
    const clients = await Promise.all(Array.from({ length: 100 }, () => stream('/v1/stream', many)));
    expect(clients.map(({ status }) => status)).toEqual(clients.map(() => 200));
    const { status, body } = await world.client.withKey(many).get('/v1/stream');
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'limit_reached' });
    clients[0]?.close();
    await eventually('there is room again', async () => {
      const client = await stream('/v1/stream', many);
      return client.status === 200;
    });
  });

  it('ends at once when the service stops, and holds up nothing', async () => {
    const [client, ofJob] = [await stream(), await stream(`/v1/jobs/${(await world.diarize()).id}/stream`)];
    const start = Date.now();
    await world.stop();
    expect(Date.now() - start).toBeLessThan(5_000);
    expect([client.over, ofJob.over]).toEqual(['end', 'end']);
    await world.start();
  });
});
