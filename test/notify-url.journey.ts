import { NotifyUrlsSweeper } from '../src/kernel/jobs/notify-urls.sweeper.js';
import { NotifyUrls } from '../src/kernel/notifications/endpoints/notify-urls.js';
import type { ApiClient } from './harness/api-client.js';
import { makeEndpoint } from './harness/endpoint.js';
import type { EndpointAnswer, SecretAnswer } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import type { JobAnswer } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';

interface Refusal {
  code: string;
  errors?: { field: string }[];
}

describe('The notifyUrl of a job', () => {
  let world: World;
  let subscriber: Subscriber;
  let secret: string;

  beforeAll(async () => {
    world = await (await World.create('notify url', { factor: 0.01 })).start();
    subscriber = await Subscriber.start();
    secret = (await world.client.post<SecretAnswer>('/v1/endpoints/default-secret')).body.secret;
  });

  afterAll(async () => {
    await subscriber.down();
    await world.end();
  });

  const unlisted = (url: string) =>
    world.db.query<{ id: string; deleted: boolean }>(
      'select id, deleted_at is not null as deleted from endpoints where unlisted and url = $1 order by id',
      [url],
    );
  const order = (client: ApiClient, notifyUrl: unknown) =>
    client.post<JobAnswer & Refusal>('/v1/diarizations', { url: world.vendor.audio, notifyUrl });

  it('is told of this job once, beside the endpoints of the team, and of no other job', async () => {
    const listed = await makeEndpoint(world.client, `${subscriber.url}/listed`);
    const named = await world.diarize({ notifyUrl: `${subscriber.url}/mine` });
    const other = await world.diarize();
    for (const { id } of [named, other]) await world.until(id);
    await subscriber.until('all three', () => subscriber.received.length >= 3);
    const mine = subscriber.of('/hook/mine');
    expect(mine.map((received) => verified(received, secret).data.job?.id)).toEqual([named.id]);
    const theirs = subscriber.of('/hook/listed').map((received) => verified(received, listed.secret).data.job?.id);
    expect(theirs.sort()).toEqual([named.id, other.id].sort());
    await world.client.ask(`/v1/endpoints/${listed.id}`, { method: 'DELETE' });
  });

  it('needs the team’s default secret, and says where to get one', async () => {
    await world.team('bare');
    const bare = world.client.withKey(await world.key(['jobs:read', 'jobs:write'], 'bare'));
    const { status, body } = await order(bare, 'https://app.example.com/hook');
    expect({ status, code: body.code, fields: body.errors?.map(({ field }) => field) }).toEqual({
      status: 422,
      code: 'no_default_secret',
      fields: ['notifyUrl'],
    });
    expect((await bare.get<{ items: unknown[] }>('/v1/jobs')).body.items).toEqual([]);
  });

  it.each([
    'https://10.0.0.1/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'http://169.254.169.254/latest/meta-data',
    'https://user:word@app.example.com/',
    'ftp://app.example.com/',
    'app.example.com/hook',
    '',
    7,
  ])('is not %p', (notifyUrl) => expectRefusal(notifyUrl));

  it('is not longer than an address may be', () => expectRefusal(`https://app.example.com/${'x'.repeat(2_048)}`));

  async function expectRefusal(notifyUrl: unknown): Promise<void> {
    const { status, body } = await order(world.client, notifyUrl);
    const fields = new Set(body.errors?.map(({ field }) => field));
    expect({ status, fields: [...fields] }).toEqual({ status: 400, fields: ['notifyUrl'] });
  }

  it('may hold what no table does, since it is kept as it will be called', async () => {
    const { status } = await order(world.client, `${subscriber.url}/\0/ä`);
    expect(status).toBe(202);
    expect(await unlisted(`${subscriber.url}/%00/%C3%A4`)).toHaveLength(1);
  });

  it('is one endpoint in no list, however many jobs name it at the same time', async () => {
    const url = `${subscriber.url}/many`;
    const before = (await world.client.get<{ items: EndpointAnswer[] }>('/v1/endpoints')).body.items;
    const answers = await Promise.all(Array.from({ length: 12 }, () => order(world.client, url)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const rows = await unlisted(url);
    expect(rows).toHaveLength(1);
    const jobs = await world.db.query('select 1 from jobs where notify_endpoint = $1', [there(rows[0]).id]);
    expect(jobs).toHaveLength(12);
    expect((await world.client.get<{ items: EndpointAnswer[] }>('/v1/endpoints')).body.items).toEqual(before);
    await subscriber.until('all twelve', () => subscriber.of('/hook/many').length >= 12);
  });

  it('takes no place of the twenty, and may be that of a listed endpoint too', async () => {
    const url = `${subscriber.url}/both`;
    const { id } = await makeEndpoint(world.client, url, { types: ['*.failed'] });
    expect((await order(world.client, url)).status).toBe(202);
    await subscriber.until('one', () => subscriber.of('/hook/both').length > 0);
    expect(verified(there(subscriber.of('/hook/both')[0]), secret).type).toBe('diarization.succeeded');
    expect(await unlisted(url)).toHaveLength(1);
    await world.client.ask(`/v1/endpoints/${id}`, { method: 'DELETE' });
  });

  it('holds for every job of a batch, which share one endpoint', async () => {
    const url = `${subscriber.url}/batch`;
    const items = [1, 2, 3].map(() => ({ url: world.vendor.audio }));
    const { status, body } = await world.client.post<{ id: string }>('/v1/batches', {
      kind: 'diarization',
      notifyUrl: url,
      items,
    });
    expect(status).toBe(202);
    await subscriber.until('three jobs', () => {
      const types = subscriber.of('/hook/batch').map((received) => verified(received, secret).type);
      return types.filter((type) => type === 'diarization.succeeded').length === 3;
    });
    expect(await unlisted(url)).toHaveLength(1);
    const told = subscriber.of('/hook/batch').map((received) => verified(received, secret).data.job);
    expect(new Set(told.flatMap((job) => (job ? [job.batch] : [])))).toEqual(new Set([body.id]));
  });

  it('can be looked up, disabled and enabled as an endpoint, and nothing else of it is changed', async () => {
    const url = `${subscriber.url}/quiet`;
    await world.diarize({ notifyUrl: url });
    const { id } = there((await unlisted(url))[0]);
    const path = `/v1/endpoints/${id}`;
    expect((await world.client.get<EndpointAnswer>(path)).body).toMatchObject({ unlisted: true, url });
    const patch = (body: object) => world.client.ask<EndpointAnswer & Refusal>(path, { method: 'PATCH', body });
    expect((await patch({ types: ['*.failed'] })).body.code).toBe('endpoint_unlisted');
    const { status, body } = await world.client.post<Refusal>(`${path}/secret/rotate`, {});
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'endpoint_unlisted' });
    expect((await patch({ disabled: true })).body.disabledReason).toBe('by hand');
    expect((await patch({ disabled: false })).body.disabledAt).toBeNull();
  });

  it('is made anew for the next job once it was deleted', async () => {
    const url = `${subscriber.url}/again`;
    await world.diarize({ notifyUrl: url });
    const { id } = there((await unlisted(url))[0]);
    await world.client.ask(`/v1/endpoints/${id}`, { method: 'DELETE' });
    const job = await world.diarize({ notifyUrl: url });
    await subscriber.until('its message', () => subscriber.about(job.id).length > 0);
    expect((await unlisted(url)).map(({ deleted }) => deleted)).toEqual([true, false]);
  });

  it('is not forgotten while a job that names it is just being made', async () => {
    const url = `${subscriber.url}/held`;
    await world.until((await world.diarize({ notifyUrl: url })).id);
    const { id } = there((await unlisted(url))[0]);
    await eventually('it is told', async () => {
      const settled = await world.db.execute(
        `update notifications set created_at = now() - interval '8 hours' where endpoint_id = $1 and due_at is null`,
        [id],
      );
      return settled === 1;
    });
    await world.db.execute(`update endpoints set created_at = now() - interval '8 hours' where id = $1`, [id]);
    const [team] = await world.db.query<{ id: string }>(`select team_id as id from endpoints where id = $1`, [id]);
    const sweeper = world.app.get(NotifyUrlsSweeper);
    await world.db.unitOfWork(async (tx) => {
      expect(await world.app.get(NotifyUrls).endpointsOf(tx, there(team).id, [url])).toEqual([id]);
      await sweeper.sweep();
      expect(await unlisted(url)).toEqual([{ id, deleted: false }]);
    });
    await sweeper.sweep();
    expect(await unlisted(url)).toEqual([{ id, deleted: true }]);
  });

  it('is forgotten after thirty days, but not while a job that names it is open', async () => {
    const [idle, open] = [`${subscriber.url}/idle`, `${subscriber.url}/open`];
    for (const url of [idle, open]) {
      const { id } = await world.diarize({ notifyUrl: url });
      await world.until(id);
    }
    await subscriber.until('both', () => [idle, open].every((url) => subscriber.of(new URL(url).pathname).length > 0));
    await eventually('both are delivered', async () => {
      const sql = `select 1 from notifications n join endpoints e on e.id = n.endpoint_id where e.url = any($1) and n.due_at is not null`;
      return (await world.db.query(sql, [[idle, open]])).length === 0;
    });
    await world.vendor.fault('lose');
    const running = await world.diarize({ notifyUrl: open });
    // Thirty days at this pace are 7.2 hours.
    await world.db.execute(`update endpoints set created_at = now() - interval '8 hours' where url = any($1)`, [
      [idle, open],
    ]);
    await world.db.execute(
      `update notifications n set created_at = now() - interval '8 hours' from endpoints e
       where e.id = n.endpoint_id and e.url = any($1)`,
      [[idle, open]],
    );
    await world.stop();
    await world.start();
    await eventually('the idle one is forgotten', async () => (await unlisted(idle))[0]?.deleted);
    expect(await unlisted(open)).toMatchObject([{ deleted: false }]);
    await world.vendor.clearFaults();
    await world.client.post(`/v1/jobs/${running.id}/cancel`);
  });
});
