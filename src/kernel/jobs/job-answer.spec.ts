import { fastify } from 'fastify';
import type { Caller, CallerRequest } from '../teams/caller.js';
import type { FollowUps } from './follow-ups.js';
import { JobAnswer } from './job-answer.js';
import type { JobIntake, RequestOf } from './job-intake.js';
import type { JobQueries } from './job-queries.js';
import type { JobSecrets } from './job-secrets.js';
import type { JobStatus } from './job-status.js';
import { Job } from './job.entity.js';
import type { SettledWatch } from './settled-watch.js';

const caller: Caller = { keyId: 'k', keyName: 'n', teamId: 't', teamName: 'red', scopes: ['jobs:write'] };

interface World {
  /** The states in which the job is found, one reading after the other. */
  states?: JobStatus[];
  replayed?: boolean;
  /** Whose job it is. */
  teamId?: string;
}

const reveal = (job: Job): Job => ({ ...job, input: { print: 'shown' } });
const hide = (job: Job): Job => ({ ...job, input: {} });

/** A real server that answers with the one job there is. */
function server({ states = ['queued'], replayed = false, teamId = 't' }: World = {}) {
  const readings = [...states];
  const waits: number[] = [];
  const orders: RequestOf[] = [];
  const jobNow = () =>
    Object.assign(new Job(), {
      id: 'j',
      teamId,
      status: readings.length > 1 ? readings.shift() : readings[0],
      version: 3,
      createdAt: new Date(0),
    });
  const create = (_: unknown, __: unknown, order: RequestOf) => {
    orders.push(order);
    return Promise.resolve({ id: 'j', replayed });
  };
  const answer = new JobAnswer(
    { create } as unknown as JobIntake,
    { get: () => Promise.resolve(jobNow()) } as unknown as JobQueries,
    { of: () => Promise.resolve([]) } as unknown as FollowUps,
    { opened: reveal, hidden: hide } as unknown as JobSecrets,
    { wait: (_: string, ms: number) => Promise.resolve(void waits.push(ms)) } as unknown as SettledWatch,
  );
  const app = fastify();
  app.addHook('onRequest', (request: CallerRequest, _, done) => {
    request.caller = caller;
    done();
  });
  app.post('/v1/orders', (request, reply) => answer.submit(request, reply, { kind: 'order', input: {} }));
  app.get('/v1/jobs/:id', async (request, reply) => (await answer.get(request, reply, 'j')) ?? '');
  app.post('/v1/jobs/:id/cancel', (_, reply) => answer.showCanceled(caller, jobNow(), reply));
  return { app, waits, orders };
}

async function post(world: World, headers: Record<string, string> = {}) {
  const { app, waits, orders } = server(world);
  const answer = await app.inject({ method: 'POST', url: '/v1/orders', payload: { a: 1 }, headers });
  return { status: answer.statusCode, headers: answer.headers, json: answer.json<Job>(), waits, order: orders[0] };
}

async function get(world: World, headers: Record<string, string> = {}) {
  const { app, waits } = server(world);
  const answer = await app.inject({ url: '/v1/jobs/j', headers });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body, waits };
}

describe('an order for a job', () => {
  it('is answered by 202 with the job, where it is and its ETag', async () => {
    const { status, headers, json, waits } = await post({});
    expect([status, headers.location, headers.etag, json.id]).toEqual([202, '/v1/jobs/j', '"v3"', 'j']);
    expect(headers).not.toHaveProperty('preference-applied');
    expect(headers).not.toHaveProperty('idempotency-replayed');
    expect(waits).toEqual([]);
  });

  it('that waits is answered by 200 once the job is settled', async () => {
    const { status, headers, json, waits } = await post({ states: ['queued', 'succeeded'] }, { prefer: 'wait=30' });
    expect([status, json.status, headers['preference-applied']]).toEqual([200, 'succeeded', 'wait=30']);
    expect(waits).toEqual([30_000]);
  });

  it('that waited in vain is answered by 202', async () => {
    expect(await post({ states: ['queued', 'running'] }, { prefer: 'wait=1' })).toMatchObject({ status: 202 });
  });

  it('that comes again is answered by the same job, and says so', async () => {
    const { headers, order } = await post({ replayed: true }, { 'idempotency-key': 'abc' });
    expect(headers['idempotency-replayed']).toBe('true');
    expect(order).toMatchObject({ idempotencyKey: 'abc', route: 'POST /v1/orders', body: { a: 1 } });
  });

  it('keeps the trace that it belongs to, where it is one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect((await post({}, { traceparent })).order).toMatchObject({ traceparent });
    expect((await post({}, { traceparent: 'nonsense' })).order).not.toHaveProperty('traceparent');
  });
});

describe('a question about a job', () => {
  it('is answered by 200 with the job and its ETag', async () => {
    expect(await get({})).toMatchObject({ status: 200, headers: { etag: '"v3"' }, waits: [] });
  });

  it.each(['"v3"', 'W/"v3"', '"v2", "v3"', '*'])(
    'is answered by 304 when If-None-Match: %s still holds',
    async (tag) => {
      const { status, headers, body } = await get({}, { 'if-none-match': tag });
      expect([status, headers.etag, body]).toEqual([304, '"v3"', '']);
    },
  );

  it.each(['"v2"', 'v3', '"v33"', ''])('is answered in full when If-None-Match: %s does not', async (tag) => {
    expect((await get({}, { 'if-none-match': tag })).status).toBe(200);
  });

  it('shows secrets to the team of the job, and not to whoever may see all teams', async () => {
    const inputOf = async (teamId: string) => (JSON.parse((await get({ teamId })).body) as Job).input;
    expect(await inputOf('t')).toEqual({ print: 'shown' });
    expect(await inputOf('other')).toEqual({});
  });

  it('waits only while the job is open', async () => {
    expect((await get({ states: ['running', 'failed'] }, { prefer: 'wait=5' })).waits).toEqual([5_000]);
    expect((await get({ states: ['failed'] }, { prefer: 'wait=5' })).waits).toEqual([]);
  });
});

describe('a wish to cancel a job', () => {
  it.each<[JobStatus, number]>([
    ['canceled', 200],
    ['running', 202],
    ['submitting', 202],
  ])('that leaves it %s is answered by %i', async (state, status) => {
    const answer = await server({ states: [state] }).app.inject({ method: 'POST', url: '/v1/jobs/j/cancel' });
    expect(answer.statusCode).toBe(status);
  });
});
