import { fastify } from 'fastify';
import { Problem } from './problem.js';
import { RAW_BODY, useRawBodies } from './raw-body.js';
import type { RawRequest } from './raw-body.js';

const LIMIT = 1_000;

/** A real server with one route that keeps bytes and one that parses. */
function server() {
  const app = fastify();
  useRawBodies(app, LIMIT);
  app.setErrorHandler((error, _, reply) => {
    if (!(error instanceof Problem)) return reply.send(error);
    return reply.status(error.getStatus()).send({ code: error.code });
  });
  app.post('/raw', { config: RAW_BODY }, async (request: RawRequest) =>
    Promise.resolve({
      bytes: request.rawBody?.toString('hex'),
      body: request.body ?? null,
      type: request.raw.headers['content-type'],
    }),
  );
  app.post('/parsed', async (request: RawRequest) =>
    Promise.resolve({ body: request.body ?? null, raw: request.rawBody !== undefined }),
  );
  return app;
}

async function post(url: string, payload?: string | Buffer, type?: string) {
  const headers = type === undefined ? {} : { 'content-type': type };
  const answer = await server().inject({ method: 'POST', url, payload, headers });
  return { status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
}

describe('a body that is kept', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/webhook+json',
    'application/octet-stream',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/JSON',
    'json',
    'application/',
    '; charset=utf-8',
    undefined,
  ])('is the exact bytes, unparsed, whatever it calls itself: %s', async (type) => {
    const bytes = Buffer.from('{"a": 1,\r\n  "b":\u00e9\ufeff}  ');
    const { status, json } = await post('/raw', bytes, type);
    expect(status).toBe(200);
    expect(json).toEqual({ bytes: bytes.toString('hex'), body: null, type });
  });

  it.each([
    ['no text', Buffer.from([0, 0xff, 0xfe, 0xc3, 0x28])],
    ['what a parser would refuse', Buffer.from('{"__proto__":1')],
    ['as long as the limit', Buffer.alloc(LIMIT)],
  ])('may be %s', async (_, bytes) => {
    const { status, json } = await post('/raw', bytes, 'application/json');
    expect(status).toBe(200);
    expect(json.bytes).toBe(bytes.toString('hex'));
  });

  it('may not be longer than the limit', async () => {
    expect((await post('/raw', Buffer.alloc(LIMIT + 1), 'application/json')).status).toBe(413);
  });
});

describe('a body that is parsed', () => {
  it('is an object, and its bytes are not kept', async () => {
    expect((await post('/parsed', '{"a":1}', 'application/json')).json).toEqual({ body: { a: 1 }, raw: false });
  });

  it('may call itself nothing', async () => {
    expect((await post('/parsed', Buffer.from('{"a":1}'))).json).toEqual({ body: { a: 1 }, raw: false });
  });

  it('may be absent', async () => {
    expect((await post('/parsed')).json).toEqual({ body: null, raw: false });
  });

  it.each([
    ['{', 'application/json', 400, 'invalid_json'],
    ['', 'application/json', 400, 'invalid_json'],
    ['{"__proto__":1}', 'application/json', 400, 'invalid_request'],
    ['{}', 'text/plain', 415, 'unsupported_media_type'],
  ])('is refused as a problem: %j as %s', async (text, type, status, code) => {
    expect(await post('/parsed', text, type)).toEqual({ status, json: { code } });
  });

  it('may not be longer than the limit', async () => {
    expect((await post('/parsed', `{"a":"${'x'.repeat(LIMIT)}"}`, 'application/json')).status).toBe(413);
  });
});
