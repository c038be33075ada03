import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from './harness/command.js';
import type { Ended } from './harness/command.js';
import { eventually } from './harness/eventually.js';
import { World } from './harness/service.js';
import { freePort } from './harness/service-process.js';

const RECORDING = resolve(__dirname, '../examples/audio/two-voices.wav');
const ID = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';

/** One sentence for a person, and nothing on standard output. */
function expectSentence(ended: Ended, sentence: string | RegExp): void {
  expect({ with: ended.with, stdout: ended.stdout }).toEqual({ with: 1, stdout: '' });
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr).not.toMatch(/\n\s+at |node_modules/);
}

describe('signalbox diarize', () => {
  describe('by the real service', () => {
    let world: World;
    let env: Record<string, string>;

    beforeAll(async () => {
      world = await (await World.create('cli-diarize')).start();
      env = { SIGNALBOX_URL: world.url, SIGNALBOX_KEY: await world.key(['jobs:read', 'jobs:write', 'files:write']) };
    });
    afterAll(() => world.end());

    const diarize = (...args: string[]) => Command.run(['diarize', ...args], { env });

    it('uploads a file, waits, and prints the result alone', async () => {
      const ended = await diarize(
        RECORDING,
        '--wait',
        '--format',
        'json',
        '--num-speakers',
        '2',
        '--label',
        'meeting=weekly',
      );
      expect(ended.with).toBe(0);
      expect(ended.stderr).toMatch(
        /^uploading two-voices\.wav, \d\.\d MB…\njob [0-9a-f-]{36} is queued; waiting for its result…\n$/,
      );
      const { diarization } = JSON.parse(ended.stdout) as { diarization: { speaker: string }[] };
      expect(new Set(diarization.map(({ speaker }) => speaker)).size).toBe(2);
      const { body } = await world.client.get<{ items: { input: object }[] }>('/v1/jobs?label=meeting:weekly');
      expect(body.items).toMatchObject([{ input: { numSpeakers: 2, file: expect.any(String) as string } }]);
    });

    it('takes an address, and without --wait prints the id of the job', async () => {
      const ended = await diarize(world.vendor.audio, '--no-webhook', '--exclusive');
      expect(ended).toMatchObject({ with: 0, stderr: '' });
      const job = await world.until(ended.stdout.trim());
      expect(job).toMatchObject({ status: 'succeeded', webhook: false, input: { exclusive: true } });
    });

    it('prints every form that the service offers', async () => {
      const { body } = await world.client.get<{ paths: object }>('/docs-json');
      const hasForms = '/v1/jobs/{id}/result' in body.paths;
      const ended = await diarize(world.vendor.audio, '--wait');
      if (hasForms)
        expect(ended).toMatchObject({ with: 0, stdout: expect.stringMatching(/^(SPEAKER .*\n)+$/) as string });
      else expectSentence(ended, /this service gives results as JSON only, not as rttm; job [0-9a-f-]{36} has it\n$/);
    });

    it('tells of a failed job with its code and its id', async () => {
      await world.vendor.fault('fail', { error: 'the audio could not be loaded' });
      expectSentence(
        await diarize(world.vendor.audio, '--wait'),
        /the job ended as failed: vendor_failed: the audio could not be loaded \(job [0-9a-f-]{36}\)\n$/,
      );
    });

    it('says in one sentence what the service does not take', async () => {
      const [address, key, scope] = await Promise.all([
        diarize('http://10.0.0.1/x.wav'),
        diarize(world.vendor.audio, '--key', 'sbx_wrong'),
        diarize(RECORDING, '--key', await world.key(['jobs:read'])),
      ]);
      expectSentence(address, /^the service says 400: url: .+\n$/);
      expectSentence(key, /^the service does not take this key; signalbox keys create --name … makes one/);
      expectSentence(scope, /the service says 403: this key lacks the scope files:write/);
    });

    it('hears of a refusal although the file is far from sent', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'signalbox-audio-'));
      const file = join(folder, 'long.wav');
      await writeFile(file, Buffer.alloc(24 * 1_024 * 1_024));
      const key = await world.key(['jobs:read']);
      const env = { SIGNALBOX_KEY: key, SIGNALBOX_URL: world.url };
      const ended = await Command.run(['diarize', file], { env });
      await rm(folder, { recursive: true, force: true });
      expectSentence(ended, /the service says 403: this key lacks the scope files:write/);
    });
  });

  describe('that cannot even begin', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'signalbox-audio-'));
      await writeFile(join(folder, 'empty.wav'), '');
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('says why, in one sentence', async () => {
      const url = `http://127.0.0.1:${await freePort()}`;
      const env = { SIGNALBOX_KEY: 'sbx_x', SIGNALBOX_URL: url };
      const run = (args: string[], more: Record<string, string> = {}) =>
        Command.run(['diarize', ...args], { env: { ...env, ...more } });
      expectSentence(await run([join(folder, 'none.wav')]), /^there is no file .*none\.wav\n$/);
      expectSentence(await run([join(folder, 'empty.wav')]), /empty\.wav is empty\n$/);
      expectSentence(await run([folder]), /is a folder; name one audio file\n$/);
      expectSentence(await run([RECORDING]), `nothing answers at ${url} (ECONNREFUSED); is the service running there?`);
      expectSentence(await run(['https://a.example/x.wav']), `nothing answers at ${url} (ECONNREFUSED)`);
      expectSentence(await run([RECORDING], { SIGNALBOX_KEY: '' }), /^no API key: give one as SIGNALBOX_KEY/);
      expectSentence(
        await run([RECORDING, '--url', 'signalbox.example']),
        '--url: "signalbox.example" is no http or https address',
      );
      expectSentence(
        await run([RECORDING, '--wait', '--format', 'mp3']),
        /'mp3' is invalid. Allowed choices are rttm, json/,
      );
      expectSentence(await run([RECORDING, '--format', 'rttm']), '--format needs --wait');
    });
  });

  describe('by a service that is not always there', () => {
    let server: Server;
    let asked: { method: string; url: string; key: string }[];
    let answer: (request: IncomingMessage, reply: ServerResponse, nth: number) => void;
    let env: Record<string, string>;

    beforeEach(async () => {
      asked = [];
      server = createServer((request, reply) => {
        const { method = '', url = '', headers } = request;
        asked.push({ method, url, key: String(headers['idempotency-key']) });
        request.resume();
        answer(request, reply, asked.length);
      }).listen(0, '127.0.0.1');
      await new Promise((listening) => server.once('listening', listening));
      env = { SIGNALBOX_KEY: 'sbx_x', SIGNALBOX_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
    });
    afterEach(() => server.close());

    const json = (reply: ServerResponse, status: number, body: object) =>
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const start = (...args: string[]) => Command.start(['diarize', 'https://a.example/x.wav', ...args], { env });

    it('submits once more under the same key, waits through a restart, and passes the result on as it comes', async () => {
      answer = ({ method, url = '' }, reply, nth) => {
        if (method === 'POST' && nth === 1) return void reply.destroy();
        if (method === 'POST') return void json(reply, 202, { id: ID, status: 'queued' });
        if (url.includes('/result'))
          return void reply.writeHead(200).end('SPEAKER x 1 0.000 1.000 <NA> <NA> A <NA> <NA>\n');
        if (nth === 3) return void json(reply, 503, { detail: 'starting' });
        if (nth === 4) return void reply.destroy();
        return void json(reply, 200, { id: ID, status: nth === 5 ? 'running' : 'succeeded' });
      };
      const ended = await start('--wait', '--format', 'rttm').ended;
      expect(ended).toMatchObject({ with: 0, stdout: 'SPEAKER x 1 0.000 1.000 <NA> <NA> A <NA> <NA>\n' });
      const posts = asked.filter(({ method }) => method === 'POST');
      expect(posts).toHaveLength(2);
      expect(posts[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
      expect(posts[1]?.key).toBe(posts[0]?.key);
      expect(asked.at(-1)?.url).toBe(`/v1/jobs/${ID}/result?format=rttm`);
    });

    it('says at Ctrl-C that the job goes on', async () => {
      answer = ({ method }, reply) => void (method === 'POST' && json(reply, 202, { id: ID, status: 'queued' }));
      const command = start('--wait');
      await eventually('it waits', () => Promise.resolve(asked.length >= 2));
      command.interrupt();
      expectSentence(await command.ended, new RegExp(`interrupted; job ${ID} goes on\n$`));
    });

    it('says that somebody else answers there', async () => {
      answer = (_request, reply) => void reply.writeHead(404).end('<html>');
      expectSentence(await start().ended, 'the service says 404: and no more; is it a Signalbox?');
    });
  });
});
