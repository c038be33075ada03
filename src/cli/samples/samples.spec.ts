import { execFileSync } from 'node:child_process';
import { Webhook } from 'standardwebhooks';
import { FalEnv } from '../../domains/training/fal.env.js';
import { readNotice } from '../../domains/training/fal.notice.js';
import { FalRelaySource } from '../../domains/training/fal-relay.source.js';
import { verifySignature } from '../../domains/speakers/pyannote.signature.js';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { SETTLED } from '../../kernel/jobs/job-status.js';
import { MAX_ANNOUNCED } from '../../kernel/jobs/announced-job.js';
import type { JobView } from '../../kernel/jobs/job.view.js';
import { asCurl } from '../curl-line.js';
import { signedMessage } from '../forwarder.js';
import { builtInTypes, sampleMessage } from './event-samples.js';
import { VENDOR_NOTICES } from './vendor-notices.js';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const jobIn = (type: string): JobView => (sampleMessage(type, NOW)?.data as { job: JobView }).job;

describe('A sample of an event', () => {
  it('is there for every type that is known, small enough, and marked', () => {
    const types = builtInTypes().map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['diarization.succeeded', 'batch.finished', 'endpoint.test']));
    for (const type of types) {
      const message = sampleMessage(type, NOW);
      expect(message).toMatchObject({
        type,
        timestamp: '2026-11-21T10:00:00.000Z',
        data: expect.any(Object) as object,
      });
      expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(MAX_ANNOUNCED);
      if (!type.startsWith('endpoint.'))
        expect({ type, data: message?.data }).toMatchObject({
          data: { [/^(batch|model)\./.exec(type)?.[1] ?? 'job']: { labels: { sample: 'true' } } },
        });
    }
  });

  it('shows a job as its team would see it', () => {
    expect(jobIn('diarization.succeeded')).toMatchObject({
      kind: 'diarization',
      status: 'succeeded',
      error: null,
      result: { diarization: [{ speaker: 'SPEAKER_00' }, { speaker: 'SPEAKER_01' }] },
      settledAt: NOW.toISOString(),
      nextCheckAt: null,
      links: { result: expect.stringMatching(/^\/v1\/jobs\/[0-9a-f-]{36}\/result$/) as string },
    });
    expect(jobIn('diarization.failed')).toMatchObject({
      status: 'failed',
      result: null,
      error: { code: 'vendor_failed' },
    });
    for (const status of SETTLED) expect(jobIn(`voiceprint.${status}`)).toMatchObject({ kind: 'voiceprint', status });
    expect(jobIn('diarization.succeeded').id).not.toBe(jobIn('diarization.succeeded').id);
  });

  it('is made for a kind and a phase that nobody here knows as well', () => {
    expect(jobIn('call.ringing')).toMatchObject({ kind: 'call', status: 'running', phase: 'ringing', settledAt: null });
    for (const odd of ['', 'call', 'Call.failed', 'a.b.c', '__proto__.x', '*'])
      expect(sampleMessage(odd, NOW)).toBeNull();
  });

  it('is signed, also in the line for the shell, whatever it has in it', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=';
    const message = signedMessage('sample_1', `{"it's":"a\\\\ 'quote' $HOME \`x\`"}`, secret);
    const line = asCurl('http://localhost:3000/hook', message);
    const words = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`])
      .toString()
      .split('\0');
    expect(words.slice(0, 3)).toEqual(['curl', '-si', 'http://localhost:3000/hook']);
    const headers = Object.fromEntries(
      words.flatMap((word, i) => (words[i - 1] === '-H' ? [word.split(': ') as [string, string]] : [])),
    );
    expect(new Webhook(secret).verify(words[words.indexOf('--data-raw') + 1] ?? '', headers)).toBeDefined();
  });
});

describe('A sample of a vendor’s notice', () => {
  it.each(Object.entries(VENDOR_NOTICES))('of %s is what its source believes', (name, vendor) => {
    expect(vendor.path).toBe(`/webhooks/${name}`);
    for (const status of vendor.statuses) {
      const { headers, body } = vendor.write({ status, job: 'vendor-job-1', secret: 'whs_0123456789abcdef' });
      expect(body).toContain('"vendor-job-1"');
      expect(body).toContain(`"${status}"`);
      expect(Object.keys(headers)).toContain('Content-Type');
    }
    expect(vendor.newJobId()).not.toBe(vendor.newJobId());
  });

  it('of pyannote verifies, has an output when it succeeded, and its id first', () => {
    for (const status of VENDOR_NOTICES.pyannote?.statuses ?? []) {
      const sent = VENDOR_NOTICES.pyannote?.write({ status, job: 'j', secret: 'whs_a' });
      const headers = Object.fromEntries(
        Object.entries(sent?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const body = Buffer.from(sent?.body ?? '');
      const proof = { headers, body, maxAgeSeconds: 900, nowSeconds: Date.now() / 1_000 };
      expect(() => verifySignature({ ...proof, secrets: ['whs_a'] })).not.toThrow();
      expect(() => verifySignature({ ...proof, secrets: ['whs_b'] })).toThrow();
      const told = JSON.parse(body.toString()) as { output?: object };
      expect(Object.keys(told).slice(0, 2)).toEqual(['jobId', 'status']);
      expect(Boolean(told.output)).toBe(status === 'succeeded');
    }
  });

  it.each(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=', 'token-0123456789'])(
    'of a relay of fal.ai is proven by %s, and says something that is known',
    (secret) => {
      const key = secret.startsWith('whsec_') ? 'FAL_RELAY_SECRET' : 'FAL_RELAY_TOKEN';
      const source = new FalRelaySource(parseEnv(FalEnv, { [key]: secret }));
      const vendor = VENDOR_NOTICES['fal-relay'];
      for (const status of vendor?.statuses ?? []) {
        const sent = vendor?.write({ status, job: 'j', secret });
        const headers = Object.fromEntries(
          Object.entries(sent?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
        );
        const body = Buffer.from(sent?.body ?? '');
        expect(() => source.verify(headers, body)).not.toThrow();
        expect(() => source.verify({ ...headers, 'webhook-id': 'x', authorization: 'Bearer x' }, body)).toThrow();
        const told = readNotice('fal-relay', body);
        expect(told).toMatchObject({ requestId: 'j', payloadMissing: false });
        expect(told?.payload !== null).toBe(
          told !== null && 'ended' in told.standing && told.standing.ended === 'succeeded',
        );
      }
    },
  );
});
