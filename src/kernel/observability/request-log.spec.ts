import { setImmediate as turn } from 'node:timers/promises';
import { fastify } from 'fastify';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { AppLogger } from './app-logger.js';
import { KernelMetrics } from './kernel-metrics.js';
import { RequestLog } from './request-log.js';
import type { SeenRequest } from './request-log.js';

type Line = Record<string, unknown>;

/** A small server whose every answer is recorded, twice, as by the interceptor and by the hook. */
function server() {
  const lines: Line[] = [];
  const stream = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
  const metrics = new KernelMetrics();
  const log = new RequestLog(new AppLogger(parseEnv(ServiceEnv, {}), stream), metrics);
  const app = fastify();
  app.addHook('onResponse', async (request: SeenRequest, reply) => {
    log.record(request, reply, reply.statusCode);
    log.record(request, reply, 599);
    await Promise.resolve();
  });
  app.get('/v1/jobs/:id', async (request: SeenRequest) => {
    request.seen = { jobId: 'j', team: 'default' };
    return Promise.resolve('ok');
  });
  app.get('/broken', async () => Promise.reject(new Error('no')));
  const get = async (url: string) => {
    await app.inject({ url, remoteAddress: '203.0.113.7' });
    await turn();
  };
  return { get, lines, metrics };
}

describe('a request that is over', () => {
  it('is one wide line with what its handler left on it', async () => {
    const { get, lines } = server();
    await get('/v1/jobs/17');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      event: 'request.done',
      msg: 'request',
      requestId: expect.stringMatching(/^req-/) as string,
      method: 'GET',
      url: '/v1/jobs/17',
      route: '/v1/jobs/:id',
      status: 200,
      address: '203.0.113.7',
      jobId: 'j',
      team: 'default',
    });
  });

  it('shows no signature of ours', async () => {
    const { get, lines } = server();
    await get('/v1/jobs/17?k=ab12.c2ln&job=1');
    expect(lines[0]).toMatchObject({ url: '/v1/jobs/17?k=***&job=1' });
  });

  it('is an error only when it was our fault', async () => {
    const { get, lines } = server();
    await get('/nowhere');
    await get('/broken');
    expect(lines.map(({ level, status }) => ({ level, status }))).toEqual([
      { level: 'info', status: 404 },
      { level: 'error', status: 500 },
    ]);
  });

  it('is measured by the template of its route, never by its address', async () => {
    const { get, metrics } = server();
    await get('/v1/jobs/17');
    await get('/v1/jobs/18');
    await get('/nowhere/19');
    const { values } = await metrics.httpRequests.get();
    const counts = values.filter((value) => value.metricName?.endsWith('_count'));
    expect(counts.map(({ labels, value }) => [labels.route, labels.status, value])).toEqual([
      ['/v1/jobs/:id', 200, 2],
      ['none', 404, 1],
    ]);
  });
});
