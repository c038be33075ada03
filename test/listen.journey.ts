import { Command } from './harness/command.js';
import type { Ended } from './harness/command.js';
import { eventually } from './harness/eventually.js';
import { itLong } from './harness/long.js';
import { World } from './harness/service.js';
import { Subscriber, there, verified } from './harness/subscriber.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=';

describe('On the command line', () => {
  let world: World;
  let env: Record<string, string>;
  const commands: Command[] = [];

  beforeAll(async () => {
    world = await (await World.create('listen')).start();
    env = { SIGNALBOX_URL: world.url, SIGNALBOX_KEY: await world.key(['jobs:read']) };
    await Command.run(['--version']);
  });
  afterEach(async () => {
    for (const command of commands.splice(0)) await command.stop('SIGKILL');
    await eventually('no stream is open', async () => (await world.metric(/^signalbox_streams_open/)) === 0);
  });
  afterAll(() => world.end());

  function start(...args: string[]): Command {
    const command = Command.start(args, { env });
    commands.push(command);
    return command;
  }

  const says = (command: Command, text: string | RegExp) =>
    eventually(
      `it says ${String(text)}`,
      () => {
        const all = command.stdout + command.stderr;
        if (typeof text === 'string' ? all.includes(text) : text.test(all)) return Promise.resolve(all);
        throw new Error(all);
      },
      60_000,
    );

  /** Connected, and not only about to be: what happens now is seen. */
  async function isListening(command: Command): Promise<void> {
    await says(command, / until Ctrl-C\n/);
    await eventually('the stream is open', async () => (await world.metric(/^signalbox_streams_open/)) > 0);
  }

  async function stopped(command: Command): Promise<Ended> {
    command.interrupt();
    return command.ended;
  }

  describe('signalbox listen', () => {
    it('sends each event on, signed, in order, and ends at Ctrl-C with 0', async () => {
      const hook = await Subscriber.start();
      const command = start('listen', '--forward', hook.url, '--secret', SECRET, '--types', 'diarization.*');
      await isListening(command);
      const jobs: string[] = [];
      for (let i = 0; i < 3; i++) {
        const { id } = await world.diarize();
        await world.until(id);
        jobs.push(id);
      }
      const received = await hook.until('three messages', ({ length }) => length >= 3);
      const messages = received.map((one) => verified(one, SECRET));
      expect(messages.map(({ data }) => data.job?.id)).toEqual(jobs);
      expect(messages[0]).toMatchObject({ type: 'diarization.succeeded', data: { job: { status: 'succeeded' } } });
      expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
      expect(there(received[0]).headers['webhook-id']).toMatch(/^evt_[\w-]+$/);
      await says(command, new RegExp(`diarization\\.succeeded +job ${jobs[2]}  → 200 in \\d+ ms\n`));
      const ended = await stopped(command);
      expect(ended).toMatchObject({ with: 0, stderr: `listening to ${world.url} until Ctrl-C\n` });
      expect(ended.stdout.trim().split('\n')).toHaveLength(3);
      await hook.down();
    });

    itLong('makes a secret and shows it once, tries again what fails, and goes on after it', async () => {
      const hook = await Subscriber.start();
      hook.status(500);
      const command = start('listen', '--forward', hook.url);
      await isListening(command);
      const first = await world.diarize();
      await says(command, /→ not taken: 500 in \d+ ms\n/);
      expect(hook.received).toHaveLength(4);
      hook.willing();
      const second = await world.diarize();
      await says(command, new RegExp(`job ${second.id}  → 200`));
      const secret = /: (whsec_\S+)\n/.exec(command.stderr)?.[1] ?? '';
      expect(hook.received.map((one) => verified(one, secret).data.job?.id)).toEqual([
        ...Array<string>(4).fill(first.id),
        second.id,
      ]);
      await stopped(command);
      await hook.down();
    });

    it('misses and repeats nothing while the service starts anew', async () => {
      const { PORT: before } = world.env;
      world.env.PORT = new URL(world.url).port;
      const command = start('listen');
      await isListening(command);
      const jobs = [await world.diarize()];
      await says(command, `job ${jobs[0]?.id}`);
      await world.stop();
      await says(command, /again in \d/);
      await world.start();
      jobs.push(await world.diarize(), await world.diarize());
      for (const { id } of jobs) await world.until(id);
      for (const { id } of jobs) await says(command, `job ${id}`);
      await says(command, 'connected again');
      const { stdout, with: code } = await stopped(command);
      expect(code).toBe(0);
      expect([...stdout.matchAll(/ job (\S+)/g)].map(([, id]) => id).sort()).toEqual(jobs.map(({ id }) => id).sort());
      world.env.PORT = before ?? '0';
    });

    itLong('begins where it is told to, and says in a sentence what the service does not take', async () => {
      const since = new Date().toISOString();
      const job = await world.diarize({ labels: { room: '4' } });
      await world.until(job.id);
      const command = start('listen', '--since', since, '--label', 'room=4', '--kind', 'diarization');
      await says(command, `job ${job.id}`);
      await stopped(command);
      for (const [args, sentence] of [
        [['--key', 'sbx_wrong'], /^the service does not take this key/m],
        [['--types', 'nothing.*'], /^the service says 400: types: nothing\.\* is never announced/m],
        [['--forward', 'localhost:3000'], /^--forward: "localhost:3000" is no http or https address/m],
        [['--forward', 'http://localhost:3000', '--secret', 'whsec_?'], /^the secret must be whsec_ and base64/m],
      ] as const) {
        const ended = await Command.run(['listen', ...args], { env });
        expect({ with: ended.with, stdout: ended.stdout }).toEqual({ with: 1, stdout: '' });
        expect(ended.stderr).toMatch(sentence);
        expect(ended.stderr).not.toMatch(/\n\s+at /);
      }
    });
  });

  describe('signalbox jobs', () => {
    it('watches a job to its end, from its beginning, and ends with what came of it', async () => {
      const [good, done] = [await world.diarize(), await world.diarize()];
      await world.until(done.id);
      const ended = await Command.run(['jobs', 'watch', good.id, done.id], { env });
      expect(ended).toMatchObject({ with: 0, stderr: '' });
      for (const { id } of [good, done]) {
        const words = [...ended.stdout.matchAll(new RegExp(`diarization\\.(\\w+) +job ${id}$`, 'gm'))].map(
          (one) => one[1],
        );
        expect([words[0], words.at(-1)]).toEqual(['queued', 'succeeded']);
      }
      await world.vendor.fault('fail', { error: 'the audio could not be loaded' });
      const bad = await world.diarize();
      const failed = await Command.run(['jobs', 'watch', bad.id], { env });
      expect(failed).toMatchObject({
        with: 1,
        stderr: `the job ended as failed: vendor_failed: the audio could not be loaded (job ${bad.id})\n`,
      });
      expect(failed.stdout).toMatch(/diarization\.failed +job \S+ {2}vendor_failed: the audio could not be loaded\n$/);
    });

    itLong('says so for a job that is not there, and leaves the others', async () => {
      const held = await world.diarize({ url: world.vendor.audio });
      const ended = await Command.run(['jobs', 'watch', '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11', held.id], { env });
      expect(ended).toMatchObject({ with: 1, stderr: expect.stringMatching(/^the service says 404: /) as string });
    });

    itLong('without an id watches all, by label if need be', async () => {
      const command = start('jobs', 'watch', '--label', 'room=5');
      await isListening(command);
      const other = await world.diarize();
      const job = await world.diarize({ labels: { room: '5' } });
      await says(command, `job ${job.id}`);
      await world.until(other.id);
      const ended = await stopped(command);
      expect(ended).toMatchObject({ with: 0 });
      expect(ended.stdout).toMatch(new RegExp(`^\\S+ {2}diarization\\.succeeded +job ${job.id}\n$`));
    });

    it('shows a job', async () => {
      const job = await world.until((await world.diarize()).id);
      const shown = await Command.run(['jobs', 'show', job.id], { env });
      expect(shown).toMatchObject({ with: 0, stderr: '' });
      expect(JSON.parse(shown.stdout)).toMatchObject({ id: job.id, status: 'succeeded' });
    });
  });
});
