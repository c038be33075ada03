import { ForbiddenException, NotFoundException } from '@nestjs/common';
import type { ArgumentsHost } from '@nestjs/common';
import { fastify } from 'fastify';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { AppLogger } from '../observability/app-logger.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { RequestLog } from '../observability/request-log.js';
import type { SeenRequest } from '../observability/request-log.js';
import { ProblemFilter, databaseIsAway } from './problem.filter.js';
import { Problem, conflict, invalidRequest, notFound, providerNotConfigured, unauthorized } from './problem.js';

type Line = Record<string, unknown>;

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

function filterWith() {
  const written: Line[] = [];
  const stream = { write: (text: string) => void written.push(JSON.parse(text) as Line) };
  const logger = new AppLogger(parseEnv(ServiceEnv, {}), stream);
  return { filter: new ProblemFilter(logger, new RequestLog(logger, new KernelMetrics())), written };
}

/** What a real server answers when its handler throws this: the answer, the line of the request, and all other lines. */
async function answerTo(error: unknown) {
  const { filter, written } = filterWith();
  const app = fastify({ genReqId: () => 'req-7' });
  app.setErrorHandler((thrown, request: SeenRequest, reply) => {
    filter.answer(thrown instanceof Error && 'raw' in thrown ? thrown.raw : thrown, request, reply);
  });
  const thrown = error instanceof Error ? error : Object.assign(new Error('raw'), { raw: error });
  app.get('/x', async () => Promise.reject(thrown));
  const answer = await app.inject({ url: '/x?k=hush' });
  const { statusCode: status, headers } = answer;
  const line = written.find(({ msg }) => msg === 'request');
  const lines = written.filter(({ msg }) => msg !== 'request');
  return { status, headers, json: answer.json<Record<string, unknown>>(), line, lines };
}

describe('an error', () => {
  it('is answered as a problem with all its members', async () => {
    const { status, headers, json } = await answerTo(conflict('already_settled', 'the job is failed already'));
    expect(status).toBe(409);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(json).toEqual({
      type: 'urn:signalbox:problem:already_settled',
      title: 'Conflict',
      status: 409,
      code: 'already_settled',
      detail: 'the job is failed already',
      requestId: 'req-7',
    });
  });

  it('names every field that is wrong', async () => {
    const errors = [
      { field: 'a', detail: 'must be a string' },
      { field: 'b[0].c', detail: 'unknown field; remove it' },
    ];
    const { json } = await answerTo(invalidRequest(errors));
    expect(json).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors,
      detail: 'a: must be a string; b[0].c: unknown field; remove it',
    });
  });

  it('brings its headers along', async () => {
    expect((await answerTo(unauthorized('send a key'))).headers['www-authenticate']).toBe('Bearer realm="signalbox"');
    const busy = new Problem(429, 'too_many_requests', 'wait', { retryAfter: 0.2 });
    expect((await answerTo(busy)).headers['retry-after']).toBe('1');
  });

  it.each<[unknown, object]>([
    [notFound('job'), { level: 'info', status: 404, problem: 'job_not_found' }],
    [withCode('ECONNREFUSED'), { level: 'error', status: 503, problem: 'unavailable' }],
    [new Error('x'), { level: 'error', status: 500, problem: 'internal_error' }],
  ])('is on the line of its request with the status that was answered and its code: %s', async (error, line) => {
    expect((await answerTo(error)).line).toMatchObject({ ...line, requestId: 'req-7', url: '/x?k=***' });
  });

  it.each([
    ['of the router', new NotFoundException('Cannot GET /nowhere'), 404, 'route_not_found'],
    ['of the framework', new ForbiddenException('no'), 403, 'bad_request'],
    [
      'of the server: too large',
      Object.assign(new Error('Request body is too large'), { statusCode: 413 }),
      413,
      'body_too_large',
    ],
    ['of the server: odd type', Object.assign(new Error('x'), { statusCode: 415 }), 415, 'unsupported_media_type'],
  ])('%s keeps its status', async (_, error, status, code) => {
    const answer = await answerTo(error);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ code, detail: error.message });
    expect(answer.lines).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['an ordinary error', new Error('select password from users')],
    ['a text', 'select password from users'],
    ['nothing', null],
    ['a status that is no client’s fault', Object.assign(new Error('password'), { statusCode: 502 })],
    ['a status that is none', Object.assign(new Error('password'), { statusCode: 'x' })],
  ])('that is unknown (%s) tells nothing to the caller and everything to the log', async (_, error) => {
    const { status, json, lines } = await answerTo(error);
    expect(status).toBe(500);
    expect(json).toMatchObject({
      code: 'internal_error',
      detail: 'something went wrong on our side; the request id finds it in the log',
    });
    expect(JSON.stringify(json)).not.toContain('password');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', msg: 'request failed', requestId: 'req-7', url: '/x?k=***' });
  });

  it('of a database that is away is 503, soon to be tried again', async () => {
    const { status, headers, json } = await answerTo(withCode('ECONNREFUSED'));
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
    expect(json).toMatchObject({
      code: 'unavailable',
      detail: 'the database is not reachable; nothing was lost, try again',
    });
  });

  it('that is ours and expected is not logged as a failure', async () => {
    const { status, lines } = await answerTo(providerNotConfigured('acme', ['ACME_KEY', 'ACME_URL']));
    expect(status).toBe(503);
    expect(lines).toEqual([]);
  });

  it('that comes after the answer has begun changes nothing', () => {
    const { filter, written } = filterWith();
    const request = { id: 'req-7', url: '/x' };
    const http = { getRequest: () => request, getResponse: () => ({ sent: true }) };
    filter.catch(notFound('job'), { switchToHttp: () => http } as unknown as ArgumentsHost);
    expect(request).toEqual({ id: 'req-7', url: '/x' });
    expect(written).toEqual([]);
  });
});

describe('the database is away', () => {
  it.each([
    '08000',
    '08001',
    '08006',
    '57P01',
    '57P02',
    '57P03',
    '53300',
    '53100',
    '25006',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EAI_AGAIN',
  ])('when the driver says %s', (code) => {
    expect(databaseIsAway(withCode(code))).toBe(true);
    expect(databaseIsAway({ driverError: { code } })).toBe(true);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Connection terminated',
    'the database system is not yet accepting connections',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
  ])('when the driver says: %s', (message) => {
    expect(databaseIsAway(new Error(message))).toBe(true);
  });

  it.each<[string, unknown]>([
    ['a statement took too long', withCode('57014')],
    ['a rival was first', withCode('23505')],
    ['a table is not there', withCode('42P01')],
    ['a text has a NUL', withCode('22021')],
    ['a deadlock was broken', withCode('40P01')],
    ['the programmer erred', new TypeError('x is undefined')],
    ['a caller is told so', notFound('job')],
    ['nothing happened', null],
    ['somebody threw a text', 'Connection terminated'],
  ])('is not the case when %s', (_, error) => {
    expect(databaseIsAway(error)).toBe(false);
  });
});
