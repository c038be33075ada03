import { createHash, createHmac, randomBytes } from 'node:crypto';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { CannotVerifyNow, RefusedNotice } from '../../kernel/webhooks/inbound-source.js';
import { PyannoteEnv } from './pyannote.env.js';
import { PyannoteSource } from './pyannote.source.js';

const SECRET = 'whs_0123456789abcdef0123456789abcdef';
const source = (env: Record<string, string> = { PYANNOTEAI_WEBHOOK_SECRET: SECRET }) =>
  new PyannoteSource(parseEnv(PyannoteEnv, env));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function signed(body: Buffer, ageSeconds = 0) {
  const stamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
  const mac = createHmac('sha256', SECRET).update(`v0:${stamp}:`).update(body).digest('hex');
  return { 'x-signature': mac, 'x-request-timestamp': stamp };
}

describe("pyannote's notices", () => {
  const body = Buffer.from('{"jobId":"j-1","status":"succeeded"}');

  it('come in under their name and under the original address', () => {
    expect(source()).toMatchObject({ name: 'pyannote', provider: 'pyannote', paths: ['/webhook'] });
  });

  it('are verified with the secrets of the environment and the real clock', () => {
    expect(() => source().verify(signed(body), body)).not.toThrow();
    expect(() => source().verify(signed(body), Buffer.from('{}'))).toThrow(RefusedNotice);
    expect(() => source().verify(signed(body, 1_000), body)).toThrow(RefusedNotice);
  });

  it('count for as long as the environment says', () => {
    const patient = source({ PYANNOTEAI_WEBHOOK_SECRETS: `whs_new,${SECRET}`, PYANNOTEAI_SIGNATURE_MAX_AGE: '2000' });
    expect(() => patient.verify(signed(body, 1_000), body)).not.toThrow();
  });

  it('cannot be verified without a secret, and the key that is missing is named', () => {
    expect(source({}).missingKeys()).toEqual(['PYANNOTEAI_WEBHOOK_SECRETS']);
    expect(source().missingKeys()).toEqual([]);
    expect(() => source({}).verify(signed(body), body)).toThrow(CannotVerifyNow);
  });

  it('are known by their bytes and by the job that they name', () => {
    expect(source().identify({}, body)).toEqual({ deliveryId: sha256(body), refs: ['j-1'] });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['null', 'null'],
    ['a list', '["jobId"]'],
    ['a number', '7'],
    ['an object without an id', '{}'],
    ['a number as id', '{"jobId":7}'],
    ['an empty id', '{"jobId":""}'],
    ['an endless id', `{"jobId":"${'a'.repeat(5_000)}"}`],
    ['an id with NUL', '{"jobId":"a\\u0000b"}'],
    ['an id that is a path', '{"jobId":"../../test"}'],
    ['a prototype', '{"__proto__":{"jobId":"j-1"}}'],
    ['deep nesting', '['.repeat(100_000)],
  ])('name no job when they are %s', (_, text) => {
    const bytes = Buffer.from(text);
    expect(source().identify({}, bytes)).toEqual({ deliveryId: sha256(bytes), refs: [] });
  });

  it.each([
    ['in its usual place', '{"jobId":"j-1","status":"succeeded"}', ['j-1']],
    ['with spaces', ' { "jobId" : "j-1" , "status":"succeeded" } ', ['j-1']],
    ['alone', '{"jobId":"j-1"}', ['j-1']],
    ['later', '{"status":"succeeded","jobId":"j-1"}', ['j-1']],
    ['twice, of which the last counts', '{"jobId":"j-1","jobId":"j-2"}', ['j-2']],
    ['twice, once in other letters', '{"jobId":"j-1","job\\u0049d":"j-2"}', ['j-2']],
    ['inside its output too', '{"jobId":"j-1","output":{"jobId":"j-2"}}', ['j-1']],
    ['inside its output only', '{"output":{"jobId":"j-2"}}', []],
    ['and cut off', '{"jobId":"j-1","status":"succ', []],
  ])('name their job %s', (_, text, refs) => {
    expect(source().identify({}, Buffer.from(text)).refs).toEqual(refs);
  });

  it('are identified whatever their bytes', () => {
    for (let i = 0; i < 500; i += 1) {
      const bytes = randomBytes(i);
      expect(source().identify({}, bytes)).toEqual({ deliveryId: sha256(bytes), refs: [] });
    }
  });

  it('name their job behind a byte order mark', () => {
    expect(source().identify({}, Buffer.from('\uFEFF{"jobId":"j-1"}')).refs).toEqual(['j-1']);
  });

  it.each([
    [{}, undefined],
    [
      { 'x-retry-num': '2', 'x-retry-reason': 'http_timeout' },
      { number: '2', reason: 'http_timeout' },
    ],
    [
      { 'x-retry-num': '4', 'x-retry-reason': 'cosmic rays' },
      { number: 'other', reason: 'other' },
    ],
    [{ 'x-retry-num': ['1', '2'] }, { number: 'other', reason: 'other' }],
    [{ 'x-retry-num': '1' }, { number: '1', reason: 'other' }],
  ])('say how they are sent again: %j → %j', (headers, retry) => {
    expect(source().identify(headers, body).retry).toEqual(retry);
  });
});
