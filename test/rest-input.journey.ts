import { request } from 'node:http';
import type { Answer } from './harness/api-client.js';
import { World } from './harness/service.js';

interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  requestId: string;
  errors?: { field: string; detail: string }[];
}

const BODY_LIMIT = 512 * 1_024;
const PATH = '/v1/diarizations';

/** Sorted, each once: one field may be wrong in several ways. */
const fieldsOf = (body: ProblemBody) => [...new Set((body.errors ?? []).map((error) => error.field))].sort();

/** Every error, whoever found it out, is one and the same kind of document. */
function expectProblem(answer: Answer<ProblemBody>, status: number, code: string, ...fields: string[]): void {
  const { body, headers } = answer;
  expect({ status: answer.status, code: body.code, fields: fieldsOf(body) }).toEqual({ status, code, fields });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  expect(body).toMatchObject({ type: `urn:signalbox:problem:${code}`, status });
  expect(body.title).toEqual(expect.any(String));
  expect(body.detail).not.toBe('');
  expect(body.requestId).toBe(headers.get('x-request-id'));
  for (const error of body.errors ?? []) expect(error.detail).not.toBe('');
}

describe('What a request for a job may say', () => {
  let world: World;
  let url: string;

  beforeAll(async () => {
    const env = { BODY_LIMIT: String(BODY_LIMIT), FETCH_ALLOW_CIDRS: '127.0.0.1/32' };
    world = await (await World.create('rest-input', { env })).start();
    url = world.vendor.audio;
  });

  afterAll(() => world.end());

  const post = (body: unknown, headers?: Record<string, string>) =>
    world.client.post<ProblemBody>(PATH, body, { 'content-type': 'application/json', ...headers });

  async function rowsOf(table: string): Promise<number> {
    const [row] = await world.db.query<{ count: number }>(`select count(*)::int as count from ${table}`);
    return row?.count ?? -1;
  }

  it('names itself, its version and where to go on at /', async () => {
    const { body, status } = await world.client.get<{ name: string; version: string; links: Record<string, string> }>(
      '/',
    );
    expect(status).toBe(200);
    expect(body.name).toBe('signalbox');
    expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
    for (const link of Object.values(body.links)) expect((await world.client.get(link)).status).toBe(200);
  });

  describe('is JSON', () => {
    it.each([
      ['is cut off', '{"url": "https://files.example.com/a.wa'],
      ['is not JSON at all', 'url=https://files.example.com/a.wav'],
      ['only talks of a prototype', 'prototype'],
      ['is followed by something else', '{"url":"https://files.example.com/a.wav"} {}'],
      ['has a comment', '{"url":"https://files.example.com/a.wav" /* this one */}'],
      ['is NaN', 'NaN'],
    ])('and a body that %s is refused as such', async (_what, body) => {
      expectProblem(await post(body), 400, 'invalid_json');
    });

    it('and an empty body is refused, with or without a content type', async () => {
      expectProblem(await post(''), 400, 'invalid_json');
      expectProblem(await world.client.ask<ProblemBody>(PATH, { method: 'POST' }), 400, 'invalid_request', 'url');
    });

    it.each(['[]', '[{"url":"https://files.example.com/a.wav"}]', 'null', '17', 'true', '"https://x.example"'])(
      'and a body that is no object is refused: %s',
      async (body) => {
        const answer = await post(body);
        expectProblem(answer, 400, 'invalid_json');
        expect(answer.body.detail).toMatch(/object/);
      },
    );

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
      'and nothing else: %s gets 415',
      async (type) => {
        const answer = await post(JSON.stringify({ url }), { 'content-type': type });
        expectProblem(answer, 415, 'unsupported_media_type');
        expect(answer.body.detail).toContain('application/json');
      },
    );

    it('whatever the case and the parameters of its content type', async () => {
      for (const type of ['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.team+json'])
        expect((await post({ url }, { 'content-type': type })).status).toBe(202);
    });

    it.each([
      ['__proto__', '{"url":"https://files.example.com/a.wav","__proto__":{"webhook":false}}'],
      ['labels.__proto__', '{"url":"https://files.example.com/a.wav","labels":{"__proto__":{"a":"b"}}}'],
      ['__proto__', '{"url":"https://files.example.com/a.wav","\\u005f_proto__":1}'],
      ['constructor', '{"url":"https://files.example.com/a.wav","constructor":{"prototype":{"a":"b"}}}'],
      ['labels.constructor', '{"url":"https://files.example.com/a.wav","labels":{"constructor":"Bauleiter"}}'],
      ['labels.a[1].constructor', '{"url":"https://files.example.com/a.wav","labels":{"a":[1,{"constructor":1}]}}'],
    ])('and cannot reach for prototypes by way of %s', async (field, body) => {
      expectProblem(await post(body), 400, 'invalid_request', field);
      expect(({} as Record<string, unknown>).webhook).toBeUndefined();
    });

    it('and is refused with a 413 above the limit, said in advance or not, and nothing of it is kept', async () => {
      const before = await rowsOf('jobs');
      const labels = { note: 'x'.repeat(BODY_LIMIT) };
      expectProblem(await post({ url, labels }), 413, 'body_too_large');
      expectProblem(await inChunks(JSON.stringify({ url, labels })), 413, 'body_too_large');
      expect(await rowsOf('jobs')).toBe(before);
    });

    it('and may be nested as deeply as it likes without hurting the service', async () => {
      const levels = 100_000;
      const lists = `${'['.repeat(levels)}${']'.repeat(levels)}`;
      const objects = `${'{"a":'.repeat(levels / 2)}1${'}'.repeat(levels / 2)}`;
      for (const deep of [lists, objects]) {
        for (const body of [`{"url":"${url}","labels":${deep}}`, `{"url":"${url}","deep":${deep}}`, deep]) {
          const answer = await post(body, { 'idempotency-key': `deep-${Math.random()}` });
          expect(answer.status).toBe(400);
          expect(answer.headers.get('content-type')).toMatch(/problem\+json/);
        }
      }
      expect((await world.client.get('/health/live')).status).toBe(200);
    });
  });

  describe('has known fields of the right kind', () => {
    it.each<[string, Record<string, unknown>, string[]]>([
      ['an unknown field', { colour: 'red' }, ['colour']],
      ['a mistyped one', { minSpeaker: 2 }, ['minSpeaker']],
      ['two unknown ones', { colour: 'red', size: 1 }, ['colour', 'size']],
      [
        'an unknown field inside',
        { transcription: true, transcriptionConfig: { modle: 'x' } },
        ['transcriptionConfig.modle'],
      ],
      ['a wrong one inside', { transcription: true, transcriptionConfig: { model: 7 } }, ['transcriptionConfig.model']],
      ['no url', { url: undefined }, ['url']],
      ['null for the url', { url: null }, ['url']],
      ['a number for the url', { url: 17 }, ['url']],
      ['a list for the url', { url: ['https://files.example.com/a.wav'] }, ['url']],
      ['text for a number', { numSpeakers: '2' }, ['numSpeakers']],
      ['a fraction', { numSpeakers: 1.5 }, ['numSpeakers']],
      ['too few speakers', { numSpeakers: 0 }, ['numSpeakers']],
      ['a number beyond all numbers', { numSpeakers: Infinity }, ['numSpeakers']],
      ['text for a flag', { exclusive: 'true' }, ['exclusive']],
      ['a number for a flag', { webhook: 0 }, ['webhook']],
      ['text for an object', { transcription: true, transcriptionConfig: 'x' }, ['transcriptionConfig']],
      ['a list for an object', { transcription: true, transcriptionConfig: [] }, ['transcriptionConfig']],
      ['bounds the wrong way round', { minSpeakers: 4, maxSpeakers: 2 }, ['maxSpeakers', 'minSpeakers']],
    ])('and is refused with %s', async (_what, fields, wrong) => {
      // JSON.stringify writes null for what is beyond all numbers.
      const body = JSON.stringify({ url, ...fields }).replace('"numSpeakers":null', '"numSpeakers":1e400');
      expectProblem(await post(body), 400, 'invalid_request', ...wrong);
    });

    it('and a null counts as not given', async () => {
      const { status } = await post({ url, minSpeakers: null, labels: null, webhook: null, transcriptionConfig: null });
      expect(status).toBe(202);
    });
  });

  describe('has an address that may be fetched', () => {
    it.each([
      'file:///etc/passwd',
      'ftp://files.example.com/a.wav',
      'data:audio/wav;base64,AAAA',
      'javascript:alert(1)',
      'gopher://files.example.com/',
      'files.example.com/a.wav',
      '//files.example.com/a.wav',
      '',
      'http://',
      'https://user:secret@files.example.com/a.wav',
      'http://10.1.2.3/a.wav',
      'http://127.0.0.2/a.wav',
      'http://169.254.169.254/latest/meta-data/',
      'http://[::1]/a.wav',
      'http://[::ffff:10.0.0.1]/a.wav',
      'http://[fd00::1]/a.wav',
      'http://0x0a000001/a.wav',
      'http://167772161/a.wav',
      'http://0/a.wav',
      'http://224.0.0.1/a.wav',
      'http://metadata.google.internal/computeMetadata/v1/',
      'http://postgres:5432/',
      'http://printer.local/a.wav',
      `https://files.example.com/${'a'.repeat(2_048)}`,
      'https://files.example.com/a b.wav',
      'https://files.example.com/a\u0000.wav',
      'https://files.example.com/\ud800.wav',
      'media://../../etc/passwd?x',
      'media://',
    ])('and %j is not one', async (bad) => {
      expectProblem(await post({ url: bad }), 400, 'invalid_request', 'url');
    });

    it('and the loopback address that the environment allows is one, as are media:// addresses', async () => {
      expect((await post({ url })).status).toBe(202);
      expect((await post({ url: 'media://team/recording-1.wav' })).status).toBe(202);
    });
  });

  describe('has labels', () => {
    it.each<[string, unknown]>([
      ['that are a list', ['a']],
      ['that are text', 'a'],
      ['of numbers', { week: 47 }],
      ['of nulls', { week: null }],
      ['of objects', { week: { number: '47' } }],
      ['with an empty name', { '': 'x' }],
      ['with a name that is too long', { ['n'.repeat(65)]: 'x' }],
      ['with a value that is huge', { note: 'x'.repeat(100_000) }],
      ['in too great a number', Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`name-${i}`, 'x']))],
    ])('and not %s', async (_what, labels) => {
      expectProblem(await post(JSON.stringify({ url, labels })), 400, 'invalid_request', 'labels');
    });

    it('of up to 255 characters and 20 names, with any character in them', async () => {
      const labels = {
        ...Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`name-${i}`, 'x'.repeat(255)])),
        'Größe 📏': 'ø',
        then: 'later',
        toString: 'text',
      };
      const made = await post({ url, labels });
      expect(made.status).toBe(202);
      expect((made.body as unknown as { labels: unknown }).labels).toEqual(labels);
    });

    it('in which NUL and lone surrogates, which Postgres cannot keep, become U+FFFD', async () => {
      const made = await post({ url, labels: { 'a\u0000b': 'c\u0000d', lone: '\ud83d' }, model: 'm\u0000\udc00' });
      expect(made.status).toBe(202);
      const body = made.body as unknown as { labels: unknown; input: { model: string } };
      expect(body.labels).toEqual({ 'a\ufffdb': 'c\ufffdd', lone: '\ufffd' });
      expect(body.input.model).toBe('m\ufffd\ufffd');
    });
  });

  describe('comes to an address that exists', () => {
    it('and all others are a 404 in the same form', async () => {
      for (const path of ['/v1/nothing', '/v1/diarizations/x', '/favicon.ico', '/v1/jobs/x/y/z?k=1'])
        expectProblem(await world.client.get<ProblemBody>(path), 404, 'route_not_found');
      expectProblem(await world.client.ask<ProblemBody>('/v1/jobs', { method: 'DELETE' }), 404, 'route_not_found');
    });

    it('and an address that is no address, or too long a part of one, is told in the same form', async () => {
      const broken = await raw('GET', '/v1/jobs/%zz');
      expectProblem(broken, 400, 'bad_request');
      expectProblem(await raw('GET', `/v1/jobs/${'a'.repeat(2_000)}`), 414, 'address_too_long');
    });
  });

  it('is answered with 503 and the name of the key while the vendor is not configured', async () => {
    await world.stop();
    await world.start({ SIGNALBOX_SANDBOX: 'false', SIGNALBOX_TIME_FACTOR: '1', PYANNOTEAI_API_KEY: '' });
    const before = await rowsOf('jobs');
    const answer = await post({ url }, { 'idempotency-key': 'later' });
    expectProblem(answer, 503, 'provider_not_configured');
    expect(answer.body.detail).toContain('PYANNOTEAI_API_KEY');
    expect(await rowsOf('jobs')).toBe(before);
    expect(await rowsOf(`idempotency_keys where key = 'later'`)).toBe(0);
  });

  /** Without a Content-Length, so that only reading tells how long it is. */
  function inChunks(text: string): Promise<Answer<ProblemBody>> {
    return raw('POST', PATH, { body: text });
  }

  async function raw(method: string, path: string, { body }: { body?: string } = {}): Promise<Answer<ProblemBody>> {
    const authorization = `Bearer ${await world.key()}`;
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL('/', world.url),
        { method, path, headers: { authorization, ...(body ? { 'content-type': 'application/json' } : {}) } },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: new Headers(response.headers as Record<string, string>),
              body: JSON.parse(text) as ProblemBody,
            }),
          );
        },
      );
      sent.on('error', reject);
      if (body) for (let at = 0; at < body.length; at += 65_536) sent.write(body.slice(at, at + 65_536));
      sent.end();
    });
  }
});
