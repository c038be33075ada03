import type { ExecutionContext } from '@nestjs/common';
import { MasterKey } from '../config/master-key.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { Problem } from '../http/problem.js';
import { Callback } from '../jobs/callback.js';
import { AppLogger } from '../observability/app-logger.js';
import { CannotVerifyNow, RefusedNotice } from './inbound-source.js';
import type { InboundSource, Notice } from './inbound-source.js';
import type { NoticedJobs } from './noticed-jobs.js';
import type { Refusals } from './refusals.js';
import { SignatureGuard } from './signature.guard.js';
import type { NoticeRequest } from './signature.guard.js';
import { SourceRegistry } from './source-registry.js';

const env = parseEnv(ServiceEnv, { PUBLIC_URL: 'https://example.com', SIGNALBOX_MASTER_KEY: 'a'.repeat(64) });
const callback = new Callback(env, new MasterKey(env));
const claim = {
  jobId: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11',
  kind: 'diarization',
  teamId: '019aa0b0-0000-7000-8000-000000000001',
};
const ours = Object.fromEntries(new URL(callback.urlFor('acme', claim) ?? '').searchParams);

/** A guard before one source, and what came of a notice that it was shown. */
function guarding(over: Partial<InboundSource> = {}) {
  const refused: [Notice, string][] = [];
  const nudged: Notice[] = [];
  const lines: string[] = [];
  const sources = new SourceRegistry();
  sources.register({
    name: 'acme',
    provider: 'acme',
    paths: [],
    secretHeaders: [],
    missingKeys: () => [],
    verify: () => undefined,
    identify: () => null,
    ...over,
  });
  const refusals: Pick<Refusals, 'record'> = { record: (_, notice, reason) => void refused.push([notice, reason]) };
  const jobs: Pick<NoticedJobs, 'nudgeFor'> = { nudgeFor: (_, notice) => void nudged.push(notice) };
  const logger = new AppLogger(env, { write: (line) => void lines.push(line) });
  const guard = new SignatureGuard(sources, callback, refusals as Refusals, jobs as NoticedJobs, logger);
  const show = async (request: object) => {
    const full = {
      params: { source: 'acme' },
      query: {},
      headers: {},
      raw: { headers: { 'x-signature': 's' } },
      rawBody: Buffer.from('{}'),
      ip: '203.0.113.7',
      seen: { requestId: 'r' },
      ...request,
    } as unknown as NoticeRequest;
    const context = { switchToHttp: () => ({ getRequest: () => full }) } as unknown as ExecutionContext;
    const answer: unknown = await Promise.resolve()
      .then(() => guard.canActivate(context))
      .catch((error: unknown) => error);
    return { answer, request: full };
  };
  const problem = async (request: object = {}) => {
    const { answer, request: after } = await show(request);
    if (!(answer instanceof Problem)) throw new Error(`no problem, but ${String(answer)}`);
    expect(after.inbound).toBeUndefined();
    return { status: answer.getStatus(), code: answer.code, detail: answer.detail };
  };
  return { show, problem, refused, nudged, lines };
}

describe('a notice with a good signature', () => {
  it('goes on with the exact bytes, the headers as they came, and where it came from', async () => {
    const verify = jest.fn();
    const { answer, request } = await guarding({ verify }).show({});
    expect(answer).toBe(true);
    expect(verify).toHaveBeenCalledWith({ 'x-signature': 's' }, Buffer.from('{}'));
    expect(request.inbound?.notice).toEqual({
      source: 'acme',
      headers: { 'x-signature': 's' },
      body: Buffer.from('{}'),
      receivedAt: expect.any(Date) as Date,
      callback: null,
      address: '203.0.113.7',
    });
  });

  it('names the job of its address only where our own signature says so', async () => {
    const { request } = await guarding().show({ query: ours });
    expect(request.inbound?.notice.callback).toEqual(claim);
    expect(request.seen).toEqual({ requestId: 'r', source: 'acme', jobId: claim.jobId });
    const forged = await guarding().show({ query: { ...ours, k: 'AAAA.AAAAAAAAAAAAAAAAAAAAAA' } });
    expect(forged.answer).toBe(true);
    expect(forged.request.inbound?.notice.callback).toBeNull();
  });

  it('may be waited for', async () => {
    expect((await guarding({ verify: () => Promise.resolve() }).show({})).answer).toBe(true);
  });

  it('without a body is shown to the source as no bytes', async () => {
    const verify = jest.fn();
    await guarding({ verify }).show({ rawBody: undefined });
    expect(verify).toHaveBeenCalledWith(expect.anything(), Buffer.alloc(0));
  });
});

describe('a notice that is refused', () => {
  it.each<[string, () => void | Promise<void>]>([
    [
      'at once',
      () => {
        throw new RefusedNotice('wrong_signature', 'the signature is another');
      },
    ],
    ['after a while', () => Promise.reject(new RefusedNotice('wrong_signature', 'the signature is another'))],
  ])('is 401, counted and never seen by anybody else: %s', async (_, verify) => {
    const { problem, refused, nudged } = guarding({ verify });
    expect(await problem()).toEqual({
      status: 401,
      code: 'signature_refused',
      detail: 'wrong_signature: the signature is another',
    });
    expect(refused.map(([, reason]) => reason)).toEqual(['wrong_signature']);
    expect(nudged).toEqual([]);
  });

  it('although it is genuine and only late is 401, and its job is asked about', async () => {
    const { problem, refused, nudged } = guarding({
      verify: () => Promise.reject(new RefusedNotice('stale', 'it is an hour old', true)),
    });
    expect((await problem()).status).toBe(401);
    expect(refused).toHaveLength(1);
    expect(nudged).toHaveLength(1);
  });
});

describe('a notice that cannot be judged', () => {
  it('now is 503, so that the vendor tries again, and no refusal', async () => {
    const { problem, refused, lines } = guarding({
      verify: () => Promise.reject(new CannotVerifyNow('the key set is out of reach')),
    });
    expect(await problem()).toEqual({ status: 503, code: 'unavailable', detail: 'the key set is out of reach' });
    expect([refused, lines]).toEqual([[], []]);
  });

  it('because verifying failed is 503, logged, and says nothing of why', async () => {
    const { problem, refused, lines } = guarding({ verify: () => Promise.reject(new TypeError('hush')) });
    const { status, detail } = await problem();
    expect(status).toBe(503);
    expect(detail).not.toContain('hush');
    expect(lines.join()).toContain('hush');
    expect(refused).toEqual([]);
  });

  it('because a key is missing is 503, and told which', async () => {
    const verify = jest.fn();
    expect(await guarding({ verify, missingKeys: () => ['ACME_SECRET'] }).problem()).toEqual({
      status: 503,
      code: 'provider_not_configured',
      detail: 'acme needs ACME_SECRET in the environment',
    });
    expect(verify).not.toHaveBeenCalled();
  });

  it('because its source is not offered is 404, whatever else is missing', async () => {
    const verify = jest.fn();
    const over = { verify, isOffered: () => false, missingKeys: () => ['ACME_SECRET'] };
    expect(await guarding(over).problem()).toMatchObject({ status: 404, code: 'provider_not_found' });
    expect(verify).not.toHaveBeenCalled();
    expect((await guarding({ isOffered: () => true }).show({})).answer).toBe(true);
  });

  it.each(['nobody', '__proto__', ''])('because it is for nobody (%j) is 404', async (source) => {
    expect(await guarding().problem({ params: { source } })).toMatchObject({ status: 404, code: 'provider_not_found' });
  });
});
