import { Pace } from '../../kernel/config/pace.js';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { ServiceEnv } from '../../kernel/config/service.env.js';
import { AppLogger } from '../../kernel/observability/app-logger.js';
import { CannotVerifyNow } from '../../kernel/webhooks/inbound-source.js';
import { FalEnv } from './fal.env.js';
import { FalKeys } from './fal.keys.js';
import { FAL_KEY_1, FAL_KEY_2, jwks } from './testing/fal-signing.js';
import { KeyServer } from './testing/key-server.js';

describe('The keys of fal.ai', () => {
  let server: KeyServer;
  let lines: string[];
  let now: number;

  beforeEach(async () => {
    server = await new KeyServer().start();
    lines = [];
    now = 1_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server.stop();
  });

  const [MINUTE, HOUR] = [60_000, 3_600_000];

  function keys(url = server.url, env: Record<string, string> = {}): FalKeys {
    const service = parseEnv(ServiceEnv, env);
    const logger = new AppLogger(service, { write: (line) => void lines.push(line) });
    return new FalKeys(parseEnv(FalEnv, { FAL_JWKS_URL: url }), new Pace(service), logger);
  }

  const shown = (found: readonly { export(options: { format: 'jwk' }): unknown }[] | null) =>
    found?.map((key) => key.export({ format: 'jwk' }));
  const [first, second] = [jwks(FAL_KEY_1).keys, jwks(FAL_KEY_2).keys];

  it('are fetched once by all who wait for them, and kept for a day', async () => {
    server.has(jwks(FAL_KEY_1));
    const known = keys();
    const found = await Promise.all(Array.from({ length: 20 }, () => known.current()));
    expect(found.map(shown)).toEqual(found.map(() => first));
    now += 24 * HOUR - 1;
    await known.current();
    expect(server.asked).toBe(1);
    server.has(jwks(FAL_KEY_2));
    now += 1;
    expect(shown(await known.current())).toEqual(second);
    expect(server.asked).toBe(2);
  });

  it('are asked for again after a notice that fits none: once a minute, by all together', async () => {
    server.has(jwks(FAL_KEY_1));
    const known = keys();
    const tried = await known.current();
    now += MINUTE;
    server.has(jwks(FAL_KEY_2));
    const found = await Promise.all(Array.from({ length: 20 }, () => known.others(tried)));
    expect(found.map(shown)).toEqual(found.map(() => second));
    expect(server.asked).toBe(2);

    const now2 = await known.current();
    expect(await known.others(now2)).toBeNull();
    now += MINUTE - 1;
    expect(await known.others(now2)).toBeNull();
    expect(server.asked).toBe(2);
    now += 1;
    expect(shown(await known.others(now2))).toEqual(second);
    expect(server.asked).toBe(3);
    // Who has looked at older ones gets those that came meanwhile, without a question.
    expect(shown(await known.others(tried))).toEqual(second);
    expect(server.asked).toBe(3);
  });

  it('stay the last good ones while no others can be had, and are asked for once a minute', async () => {
    server.has(jwks(FAL_KEY_1));
    const known = keys();
    await known.current();
    server.answer = (response) => void response.writeHead(500).end();
    now += 24 * HOUR;
    for (let i = 0; i < 5; i++) expect(shown(await known.current())).toEqual(first);
    expect(server.asked).toBe(2);
    now += MINUTE;
    expect(shown(await known.current())).toEqual(first);
    expect(server.asked).toBe(3);
    expect(lines.filter((line) => line.includes('could not be fetched'))).toHaveLength(2);
  });

  it('while there were none yet, nothing can be verified, and not every notice asks', async () => {
    const known = keys();
    for (let i = 0; i < 5; i++) await expect(known.current()).rejects.toThrow(CannotVerifyNow);
    expect(server.asked).toBe(1);
    server.has(jwks(FAL_KEY_1));
    now += MINUTE;
    expect(shown(await known.current())).toEqual(first);
  });

  it.each<[string, KeyServer['answer']]>([
    [
      'a redirect, which somebody else may answer',
      (response) => void response.writeHead(302, { location: '/jwks.json?x' }).end(),
    ],
    ['no JSON', (response) => void response.writeHead(200).end('<html>')],
    ['a set without a key', (response) => void response.writeHead(200).end('{"keys":[]}')],
    ['more than it may be', (response) => void response.writeHead(200).end(`{"keys":[],"x":"${'x'.repeat(70_000)}"}`)],
    [
      'half of it',
      (response) =>
        void response.writeHead(200, { 'content-length': '1000' }).write('{"keys":', () => response.destroy()),
    ],
  ])('are not %s', async (_, answer) => {
    server.answer = answer;
    await expect(keys().current()).rejects.toThrow(CannotVerifyNow);
    expect(server.asked).toBe(1);
  });

  it('are not waited for for ever', async () => {
    server.answer = () => undefined;
    const known = keys(server.url, { SIGNALBOX_TIME_FACTOR: '0.01', SIGNALBOX_SANDBOX: 'true', NODE_ENV: 'test' });
    await expect(known.current()).rejects.toThrow(CannotVerifyNow);
    expect(lines.join('')).toContain('timeout');
  });
});
