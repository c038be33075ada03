import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { AppLogger } from './app-logger.js';
import { withContext } from './context.js';

type Line = Record<string, unknown>;

function logger(level = 'trace') {
  const lines: Line[] = [];
  const stream = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
  return { log: new AppLogger(parseEnv(ServiceEnv, { LOG_LEVEL: level }), stream), lines };
}

/** The one line that `write` makes. */
function lineOf(write: (log: AppLogger) => void, level?: string): Line {
  const { log, lines } = logger(level);
  write(log);
  expect(lines).toHaveLength(1);
  return lines[0] ?? {};
}

describe('a log line', () => {
  it('is JSON with a message, a level in words, a time and the service', () => {
    expect(lineOf((log) => log.info('submit', { outcome: 'running' }))).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      service: 'signalbox',
      outcome: 'running',
      msg: 'submit',
    });
  });

  it('is left out below the level of the environment', () => {
    const { log, lines } = logger('warn');
    log.info('a');
    log.debug('b');
    log.log('c');
    log.verbose('d');
    log.warn('e');
    log.error('f');
    log.fatal('g');
    expect(lines.map((line) => line.msg)).toEqual(['e', 'f', 'g']);
  });

  it.each<[string, (log: AppLogger) => void]>([
    ['trace', (log) => log.verbose('x')],
    ['debug', (log) => log.debug('x')],
    ['info', (log) => log.info('x')],
    ['warn', (log) => log.warn('x')],
    ['error', (log) => log.error('x')],
    ['fatal', (log) => log.fatal('x')],
  ])('has the level %s', (level, write) => {
    expect(lineOf(write).level).toBe(level);
  });

  it('tells an error with its type, message and stack', () => {
    const line = lineOf((log) => log.error('request failed', { error: new RangeError('too far') }));
    expect(line.error).toMatchObject({
      type: 'RangeError',
      message: 'too far',
      stack: expect.stringContaining('too far') as string,
    });
  });

  it('takes an error for its only detail', () => {
    expect(lineOf((log) => log.warn('oh', new Error('no'))).error).toMatchObject({ message: 'no' });
  });

  it.each([['a stack'], [7], [null]])('keeps details that are no object: %j', (details) => {
    expect(lineOf((log) => log.error('x', details)).details).toEqual(details);
  });

  it('of Nest itself is for those who debug, with the part that wrote it', () => {
    expect(lineOf((log) => log.log('Mapped {/v1/jobs, GET} route', 'RouterExplorer'))).toMatchObject({
      level: 'debug',
      nest: 'RouterExplorer',
      msg: 'Mapped {/v1/jobs, GET} route',
    });
  });
});

describe('a secret in a log line', () => {
  it.each<[string, object]>([
    ['authorization', { authorization: 'hush' }],
    ['authorization inside', { request: { authorization: 'hush' } }],
    ['a request header', { headers: { authorization: 'hush' } }],
    ['a signature header', { headers: { 'x-signature': 'hush' } }],
    ['a secret', { secret: 'hush' }],
    ['a secret inside', { endpoint: { secret: 'hush' } }],
    ['a password', { database: { password: 'hush' }, password: 'hush' }],
    ['an API key', { apiKey: 'hush', vendor: { apiKey: 'hush' } }],
    ['a secret that hangs on an error', { error: Object.assign(new Error('x'), { secret: 'hush', apiKey: 'hush' }) }],
  ])('is blanked: %s', (_, details) => {
    const line = JSON.stringify(lineOf((log) => log.info('x', details)));
    expect(line).not.toContain('hush');
    expect(line).toContain('***');
  });

  it('is not blanked in the object of the caller', () => {
    const details = { secret: 'hush', endpoint: { secret: 'hush' } };
    lineOf((log) => log.info('x', details));
    expect(details).toEqual({ secret: 'hush', endpoint: { secret: 'hush' } });
  });
});

describe('the ids of the work under way', () => {
  it('are on every line written inside it, and on none outside', () => {
    const { log, lines } = logger();
    withContext({ requestId: 'r' }, () => withContext({ jobId: 'j' }, () => log.info('inside')));
    log.info('outside');
    expect(lines[0]).toMatchObject({ requestId: 'r', jobId: 'j' });
    expect(lines[1]).not.toHaveProperty('requestId');
  });

  it('yield to what the line itself says', () => {
    const line = withContext({ jobId: 'a' }, () => lineOf((log) => log.info('x', { jobId: 'b' })));
    expect(line.jobId).toBe('b');
  });

  it('do not pick up the details of the lines before', () => {
    const { log, lines } = logger();
    withContext({ requestId: 'r' }, () => {
      log.info('first', { outcome: 'refused', jobId: 'j' });
      log.info('second');
    });
    expect(lines[1]).toMatchObject({ msg: 'second', requestId: 'r' });
    expect(lines[1]).not.toHaveProperty('outcome');
    expect(lines[1]).not.toHaveProperty('jobId');
  });
});

describe('the one line of a request', () => {
  it('is like any other, with its own ids and no others', () => {
    const line = withContext({ jobId: 'j' }, () =>
      lineOf((log) => log.line('request.done', 'error', 'request', { requestId: 'r', status: 500 })),
    );
    expect(line).toEqual({
      level: 'error',
      time: expect.any(String) as string,
      service: 'signalbox',
      event: 'request.done',
      requestId: 'r',
      status: 500,
      msg: 'request',
    });
  });

  it('stands between the lines that were written before and after it', () => {
    const { log, lines } = logger();
    log.info('before');
    log.line('request.done', 'info', 'request', {});
    log.info('after');
    expect(lines.map((line) => line.msg)).toEqual(['before', 'request', 'after']);
  });

  it('is left out below the level of the environment', () => {
    const { log, lines } = logger('error');
    log.line('request.done', 'info', 'request', {});
    expect(lines).toEqual([]);
  });
});

describe('flushing', () => {
  it('ends when everything is written', async () => {
    await expect(logger().log.flush()).resolves.toBeUndefined();
  });
});
