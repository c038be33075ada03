import type { EventType } from '../src/kernel/notifications/event-types.js';
import { builtInTypes } from '../src/cli/samples/event-samples.js';
import { Command } from './harness/command.js';
import { World } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=';

describe('signalbox trigger', () => {
  let world: World;
  let env: Record<string, string>;

  beforeAll(async () => {
    world = await (await World.create('trigger')).start();
    const secrets = `${world.env.PYANNOTEAI_WEBHOOK_SECRETS},whs_another`;
    env = {
      SIGNALBOX_URL: world.url,
      SIGNALBOX_KEY: await world.key(['jobs:read']),
      PYANNOTEAI_WEBHOOK_SECRETS: secrets,
    };
  });
  afterAll(() => world.end());

  const trigger = (args: string[], more: Record<string, string> = {}) =>
    Command.run(['trigger', ...args], { env: { ...env, ...more } });

  it('lists what the service announces, and knows the same by itself', async () => {
    const { body } = await world.client.get<{ items: EventType[] }>('/v1/event-types');
    expect(builtInTypes()).toEqual(body.items);
    const [asked, alone] = await Promise.all([trigger([]), trigger([], { SIGNALBOX_KEY: '' })]);
    expect(asked).toMatchObject({ with: 0, stderr: '' });
    for (const { type, about } of body.items) expect(asked.stdout).toMatch(new RegExp(`^${type} +${about}$`, 'm'));
    expect(asked.stdout).toMatch(/^pyannote +.*--status succeeded, failed, canceled, running/m);
    expect(alone).toMatchObject({ with: 0, stdout: asked.stdout });
    expect(alone.stderr).toMatch(/^those that this version knows; the service was not asked: no API key/);
  });

  it('sends a sample of every type, signed, and shaped as the real ones are', async () => {
    const hook = await Subscriber.start();
    const made = await world.client.post<{ secret: string }>('/v1/endpoints', { url: `${hook.url}/real` });
    const job = await world.diarize();
    await world.until(job.id);
    const real = verified(there((await hook.until('the real one', ({ length }) => length > 0))[0]), made.body.secret);
    const ended = await trigger(['diarization.succeeded', '--to', hook.url, '--secret', SECRET]);
    expect(ended).toMatchObject({
      with: 0,
      stderr: '',
      stdout: expect.stringMatching(/: 200 in \d+ ms\nok\n$/) as string,
    });
    const sample = verified(there(hook.of('/hook')[0]), SECRET);
    expect(Object.keys(sample)).toEqual(Object.keys(real));
    expect(Object.keys(sample.data.job ?? {}).sort()).toEqual(Object.keys(real.data.job ?? {}).sort());
    expect(sample.data.job).toMatchObject({ labels: { sample: 'true' } });
    for (const type of ['batch.finished', 'endpoint.test', 'voiceprint.expired'])
      expect(await trigger([type, '--to', hook.url], { SIGNALBOX_SECRET: SECRET })).toMatchObject({
        with: 0,
        stderr: '',
      });
    expect(hook.of('/hook').map((one) => verified(one, SECRET).type)).toEqual([
      'diarization.succeeded',
      'batch.finished',
      'endpoint.test',
      'voiceprint.expired',
    ]);
    hook.status(503);
    expect(await trigger(['endpoint.test', '--to', hook.url])).toMatchObject({
      with: 1,
      stderr: expect.stringMatching(/whsec_/) as string,
    });
    await hook.down();
  });

  it('prints headers, body and a line for the shell when it is told no address', async () => {
    const { stdout, stderr, with: code } = await trigger(['diarization.failed']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^signed with a new secret.*: whsec_\S+\n$/) as string,
    });
    const [head = '', body = '', curl = ''] = stdout.split('\n\n');
    const headers = Object.fromEntries(head.split('\n').map((line) => line.split(': ') as [string, string]));
    const message = verified({ path: '', at: 0, headers, body }, /whsec_\S+/.exec(stderr)?.[0] ?? '');
    expect(message).toMatchObject({ type: 'diarization.failed', data: { job: { error: { code: 'vendor_failed' } } } });
    expect(curl).toMatch(/^curl -si \\\n {2}'http:\/\/localhost:3000\/hook' \\\n/);
  });

  it('sends a vendor’s notice that the service believes, and that settles a job', async () => {
    await world.vendor.fault('hang');
    const job = await world.diarize();
    const { externalId } = await world.until(job.id, 'running');
    const ended = await trigger(['pyannote', '--status', 'failed', '--job', externalId ?? '']);
    expect(ended).toMatchObject({ with: 0, stderr: '' });
    expect(ended.stdout).toMatch(/\/webhooks\/pyannote: 200 in \d+ ms\n\{"deliveryId":"\S+","duplicate":false\}\n$/);
    expect(await world.until(job.id)).toMatchObject({ status: 'failed', error: { code: 'vendor_failed' } });
    const unknown = await trigger(['pyannote', '--secret', 'whs_another']);
    const wrong = await trigger(['pyannote', '--secret', 'whs_wrong']);
    expect(unknown.with).toBe(1);
    expect(wrong).toMatchObject({ with: 1, stdout: expect.stringMatching(/: 401 in .*\n.*wrong_signature/) as string });
    expect(await trigger(['pyannote', '--status', 'running'])).toMatchObject({ with: 0 });
  });

  it('says in one sentence what it cannot send', async () => {
    for (const [args, more, sentence] of [
      [
        ['call.exploded'],
        {},
        /^there is no event type call\.exploded; there is batch\.finished, .*, pyannote, fal-relay\n$/,
      ],
      [['constructor'], {}, /^there is no event type constructor/],
      [['diarization.failed', '--status', 'x'], {}, /^--status and --job are for the notices of vendors/],
      [['diarization.failed', '--to', 'localhost:1'], {}, /^--to: "localhost:1" is no http or https address\n$/],
      [
        ['pyannote', '--status', 'done'],
        {},
        /^--status: pyannote has succeeded, failed, canceled, running, and no done\n$/,
      ],
      [
        ['pyannote'],
        { PYANNOTEAI_WEBHOOK_SECRETS: '' },
        /^nothing to sign with: give .* PYANNOTEAI_WEBHOOK_SECRETS\n$/,
      ],
    ] as const) {
      const ended = await trigger([...args], more);
      expect({ with: ended.with, stdout: ended.stdout }).toEqual({ with: 1, stdout: '' });
      expect(ended.stderr).toMatch(sentence);
    }
  });
});
