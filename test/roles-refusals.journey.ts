import { ApiClient } from './harness/api-client.js';
import { World } from './harness/service.js';
import { freePort } from './harness/service-process.js';
import { rows } from './setup/embedded-homes.js';

describe('A process that starts', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create('roles refusals');
  });

  afterEach(() => world.stop());

  afterAll(() => world.end());

  it.each(['api', 'worker'])('as one half, %s, says what the halves need in common', async (role) => {
    await expect(world.start({ ROLE: role, REDIS_URL: '' })).rejects.toThrow(
      new RegExp(`REDIS_URL: required with ROLE=${role}.*\n.*FILES_DIR: required with ROLE=${role}`),
    );
  });

  it('as something unknown says what there is', async () => {
    await expect(world.start({ ROLE: 'boss' })).rejects.toThrow(/ROLE: .*all, api, worker/);
  });

  it('on a schema that is older than its code says what to run, in one sentence', async () => {
    await expect(world.start({ DATABASE_MIGRATE: 'false' })).rejects.toThrow(
      /DATABASE_MIGRATE: the database is older than this release .*run `signalbox migrate` first/,
    );
  });

  it('on a schema that is newer than its code refuses to work on it, in one sentence', async () => {
    await world.start();
    await world.db.execute(`insert into migrations (timestamp, name) values (9, 'Tomorrow9')`);
    await world.stop();
    for (const migrating of ['true', 'false']) {
      await expect(world.start({ DATABASE_MIGRATE: migrating })).rejects.toThrow(
        /newer than this release \(it has run Tomorrow9\)/,
      );
    }
    await rows(world.database.url, `delete from migrations where name = 'Tomorrow9'`);
    await world.start({ DATABASE_MIGRATE: 'false' });
  });

  it('with a management port serves health and metrics there, and nothing of them in public', async () => {
    const port = await freePort();
    await world.start({ MANAGEMENT_PORT: String(port) });
    const management = new ApiClient(`http://127.0.0.1:${port}`);
    const seen = async (client: ApiClient, paths: string[]) =>
      Promise.all(paths.map(async (path) => (await client.get(path)).status));
    expect(await seen(management, ['/health', '/health/ready', '/metrics'])).toEqual([200, 200, 200]);
    expect(await seen(management, ['/', '/v1/jobs', '/docs', '/webhooks/pyannote'])).toEqual([404, 404, 404, 404]);
    expect(await seen(world.client, ['/health', '/health/ready', '/health/live', '/metrics'])).toEqual([
      404, 404, 404, 404,
    ]);
    expect(await seen(world.client, ['/', '/v1/jobs', '/docs'])).toEqual([200, 200, 200]);
    expect((await world.client.get<{ links: object }>('/')).body.links).not.toHaveProperty('metrics');
    await world.stop();
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  });

  it('with a management port that is taken says so', async () => {
    const port = await freePort();
    await expect(world.start({ PORT: String(port), MANAGEMENT_PORT: String(port) })).rejects.toThrow(
      /MANAGEMENT_PORT: must not be PORT/,
    );
  });
});
