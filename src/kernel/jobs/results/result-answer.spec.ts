import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import type { FastifyReply } from 'fastify';
import { StreamableFile } from '@nestjs/common';
import { Pace } from '../../config/pace.js';
import { parseEnv } from '../../config/parse-env.js';
import { ServiceEnv } from '../../config/service.env.js';
import { Transfers } from '../../files/transfers.js';
import { Problem } from '../../http/problem.js';
import type { JobAnswer } from '../job-answer.js';
import { Job } from '../job.entity.js';
import type { ProviderRegistry } from '../provider-registry.js';
import { JobResults } from './job-results.js';
import type { KeptResults } from './kept-results.js';
import { ResultAnswer } from './result-answer.js';

const LARGE = JSON.stringify({ words: ['a', 'b'], other: 1 });
const kept = {
  open: (_: Job, packed = false) => Promise.resolve(Readable.from([packed ? gzipSync(LARGE) : Buffer.from(LARGE)])),
} as unknown as KeptResults;

const formats = {
  list: {
    mediaType: 'text/csv; charset=utf-8',
    extension: 'csv',
    fields: ['words'],
    render: (result: Record<string, unknown>, { jobId }: { jobId: string }) => `${jobId}:${JSON.stringify(result)}`,
  },
};
const registry = {
  kindNames: () => ['order'],
  ofKind: () => ({ spec: { formats } }),
} as unknown as ProviderRegistry;

const succeeded = {
  id: 'j',
  kind: 'order',
  status: 'succeeded' as const,
  version: 3,
  result: { words: ['a'], other: 2 },
  resultFile: null,
  error: null,
  createdAt: new Date(0),
  settledAt: new Date('2026-11-21T14:30:00Z'),
};

/** A real server that answers with the result of the one job there is. */
function server(over: Partial<Job> = {}) {
  const job = Object.assign(new Job(), succeeded, over);
  const transfers = new Transfers(new Pace(parseEnv(ServiceEnv, {})));
  const answers = { findOpened: () => Promise.resolve(job) } as unknown as JobAnswer;
  const answer = new ResultAnswer(answers, registry, new JobResults(kept), transfers);
  const app = fastify();
  app.setErrorHandler((error, _, reply: FastifyReply) => {
    if (!(error instanceof Problem)) throw error;
    void reply.status(error.getStatus()).send({ code: error.code, detail: error.detail });
  });
  app.get<{ Querystring: { format?: string } }>('/result', async (request, reply) => {
    const sent = await answer.send(request, reply, 'j', request.query.format);
    return sent instanceof StreamableFile ? sent.getStream() : (sent ?? '');
  });
  return app;
}

const ask = async (over: Partial<Job> = {}, query = '', headers: Record<string, string> = {}) => {
  const {
    statusCode,
    body,
    headers: answered,
    rawPayload,
  } = await server(over).inject({ url: `/result${query}`, headers });
  return { status: statusCode, body, headers: answered, bytes: rawPayload };
};

describe('the result of a job', () => {
  it('is JSON, to be saved under a name that says what it is, and run by nobody', async () => {
    const { status, body, headers } = await ask();
    expect([status, JSON.parse(body)]).toEqual([200, succeeded.result]);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': expect.stringContaining('filename="order_20261121_143000_j.json"') as string,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox') as string,
      vary: 'Accept, Accept-Encoding',
      etag: '"v3-json"',
    });
  });

  it('has the form that is asked for, made of the fields that it needs', async () => {
    for (const { body, headers } of [await ask({}, '?format=list'), await ask({}, '', { accept: 'text/csv' })]) {
      expect(body).toBe('j:{"words":["a"]}');
      expect(headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', etag: '"v3-list"' });
      expect(headers['content-disposition']).toContain('order_20261121_143000_j.csv');
    }
  });

  it('is not sent again to whoever has it, in the form that he has', async () => {
    const known = { 'if-none-match': 'W/"v2-json", "v3-json"' };
    const { status, body, headers } = await ask({}, '', known);
    expect([status, body, headers.etag, headers.vary]).toEqual([304, '', '"v3-json"', 'Accept, Accept-Encoding']);
    expect((await ask({}, '?format=list', known)).status).toBe(200);
    expect((await ask({ version: 4 }, '', known)).status).toBe(200);
  });

  it('comes from its file where it lies in one', async () => {
    const file = { result: null, resultFile: 'f' };
    expect((await ask(file)).body).toBe(LARGE);
    expect((await ask(file, '?format=list')).body).toBe('j:{"words":["a","b"]}');
    const { headers, bytes } = await ask(file, '', { 'accept-encoding': 'br, gzip' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', etag: '"v3-json-gzip"' });
    expect(bytes.equals(gzipSync(LARGE))).toBe(true);
  });

  it.each(['', 'br', 'gzip;q=0', 'identity, gzip; q=0.000', '*;q=0', 'gzip;q=0, *'])(
    'is unpacked for whoever does not take gzip: %j',
    async (coding) => {
      const { headers, body } = await ask({ result: null, resultFile: 'f' }, '', { 'accept-encoding': coding });
      expect([headers['content-encoding'], body]).toEqual([undefined, LARGE]);
    },
  );

  it.each(['queued', 'submitting', 'unconfirmed', 'running'] as const)('is not there while it is %s', async (state) => {
    const { status, body } = await ask({ status: state, result: null });
    expect([status, JSON.parse(body)]).toEqual([
      409,
      { code: 'not_settled', detail: expect.stringContaining(`the job is ${state}`) as string },
    ]);
  });

  it.each(['failed', 'canceled', 'expired'] as const)('is never there when it is %s', async (state) => {
    const error = { code: 'vendor_failed', message: 'no audio' };
    const { status, body } = await ask({ status: state, result: null, error });
    expect([status, JSON.parse(body)]).toEqual([
      409,
      { code: 'no_result', detail: `the job is ${state} (vendor_failed: no audio) and has no result` },
    ]);
  });

  it('is told what there is when nothing else will do', async () => {
    expect(await ask({}, '?format=xml')).toMatchObject({
      status: 400,
      body: expect.stringContaining('json, list') as string,
    });
    expect(await ask({}, '', { accept: 'video/mp4' })).toMatchObject({ status: 406 });
  });

  it('is JSON, if nothing else, when nobody does its kind any more', async () => {
    expect((await ask({ kind: 'gone' })).status).toBe(200);
    expect((await ask({ kind: 'gone' }, '?format=list')).status).toBe(400);
  });
});
