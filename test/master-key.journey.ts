import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Program } from './fifth-vendor/program.js';
import { makeEndpoint } from './harness/endpoint.js';
import type { SecretAnswer } from './harness/endpoint.js';
import { eventually } from './harness/eventually.js';
import { Inbox } from './harness/inbox.js';
import { World } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';

const root = resolve(__dirname, '..');
const output = { diarization: [{ speaker: 'SPEAKER_00', start: 0, end: 1 }] };

describe('A master key that is turned while jobs are out', () => {
  let world: World;
  let inbox: Inbox;

  beforeAll(async () => {
    // No key in the environment: the one in the home folder counts. At a slow pace, so that no check comes first.
    world = await World.create('master key', { factor: 1, env: { SIGNALBOX_MASTER_KEY: '' } });
    await world.start();
    inbox = new Inbox(world);
    await world.vendor.fault('lose');
  });
  afterAll(() => world.end());

  /** A running job whose notice is lost, and the address that the vendor was given for it. */
  const out = async () => {
    const { id } = await world.diarize();
    const { externalId } = await world.until(id, 'running');
    const { jobs } = await world.vendor.record();
    const webhook = jobs.find(({ jobId }) => jobId === externalId)?.request.webhook;
    if (!webhook || !externalId) throw new Error('the vendor was given no address');
    const { pathname, search } = new URL(webhook);
    return { id, externalId, address: `${pathname}${search}` };
  };
  const again = async () => {
    await world.stop();
    await world.start();
  };

  it('is still believed on the addresses that it signed, as long as it is the previous one', async () => {
    const jobs = [await out(), await out(), await out()] as const;
    const rotate = [process.execPath, join(root, 'bin', 'signalbox.js'), 'master-key', 'rotate'] as const;
    await Program.run(rotate, { cwd: root, env: { SIGNALBOX_HOME: world.home } });
    await again();

    // Nothing in the body says whose notice it is: the address alone does.
    const [first, second, third] = jobs;
    const notice = { status: 'succeeded', output };
    const delivery = await inbox.sendWell({ ...notice, n: 1 }, { to: first.address });
    await inbox.until(delivery, 'applied');
    expect(await world.until(first.id)).toMatchObject({ status: 'succeeded', result: output });

    const fresh = await out();
    const keyIds = [first, fresh].map(
      ({ address }) => new URL(address, world.url).searchParams.get('k')?.split('.')[0],
    );
    expect(new Set(keyIds).size).toBe(2);

    await rm(join(world.home, 'master-key.previous'));
    await again();
    const lost = await inbox.sendWell({ ...notice, n: 2 }, { to: second.address });
    await inbox.until(lost, 'waiting');
    expect((await world.job(second.id)).status).toBe('running');

    const named = await inbox.sendWell({ ...notice, jobId: third.externalId, n: 3 }, { to: third.address });
    await inbox.until(named, 'applied');
    expect((await world.until(third.id)).status).toBe('succeeded');
    const present = await inbox.sendWell({ ...notice, n: 4 }, { to: fresh.address });
    await inbox.until(present, 'applied');
    await eventually(
      'the job of the present key is settled',
      async () => (await world.job(fresh.id)).status === 'succeeded',
    );
  }, 90_000);
});

describe('A master key that is turned while endpoints have secrets', () => {
  let world: World;
  let subscriber: Subscriber;

  beforeAll(async () => {
    world = await World.create('master key of endpoints', { env: { SIGNALBOX_MASTER_KEY: '' } });
    await world.start();
    subscriber = await Subscriber.start();
  });
  afterAll(async () => {
    await subscriber.down();
    await world.end();
  });

  const again = async () => {
    await world.stop();
    await world.start();
  };
  const sealed = async () => {
    const rows = await world.db.query<{ secrets: { sealed: string }[] }>(
      'select secrets from endpoints union all select secrets from notify_secrets',
    );
    return rows.flatMap(({ secrets }) => secrets.map((one) => one.sealed));
  };
  const keyIds = async () => new Set((await sealed()).map((text) => text.split('.')[1]));

  it('signs what it signed before, and is needed no more once the sweep has sealed them anew', async () => {
    const { id, secret } = await makeEndpoint(world.client, `${subscriber.url}/listed`);
    const rotated = await world.client.post<SecretAnswer>(`/v1/endpoints/${id}/secret/rotate`, {});
    const team = await world.client.post<SecretAnswer>('/v1/endpoints/default-secret', {});
    const [before] = await keyIds();

    const rotate = [process.execPath, join(root, 'bin', 'signalbox.js'), 'master-key', 'rotate'] as const;
    await Program.run(rotate, { cwd: root, env: { SIGNALBOX_HOME: world.home } });
    await again();
    await eventually('all are sealed anew', async () => {
      const ids = await keyIds();
      return ids.size === 1 && !ids.has(before);
    });
    expect(await sealed()).toHaveLength(3);

    await rm(join(world.home, 'master-key.previous'));
    await again();
    const job = await world.diarize({ notifyUrl: `${subscriber.url}/named` });
    await subscriber.until('both messages', () =>
      ['/hook/listed', '/hook/named'].every((path) => subscriber.of(path).length > 0),
    );
    const listed = there(subscriber.of('/hook/listed')[0]);
    for (const known of [secret, rotated.body.secret]) expect(verified(listed, known).data.job?.id).toBe(job.id);
    expect(verified(there(subscriber.of('/hook/named')[0]), team.body.secret).data.job?.id).toBe(job.id);
  }, 90_000);
});
