import { Problem } from '../http/problem.js';
import { validationPipe } from '../http/validation.js';
import { ResolveRequest } from './job-acts.dto.js';
import { JobsQuery } from './job-queries.dto.js';
import { JobRequest } from './job-request.dto.js';

const reader =
  <T>(metatype: new () => T, type: 'body' | 'query' = 'body') =>
  (value: object) =>
    validationPipe().transform(value, { type, metatype }) as Promise<T>;

/** The fields that a request is refused for. */
async function wrong(reading: Promise<unknown>): Promise<string[]> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof Problem) return (error.extras.errors ?? []).map(({ field }) => field);
    throw error;
  }
  return [];
}

describe('what every request for a job may say', () => {
  const read = reader(JobRequest);

  it.each<[string, object]>([
    ['nothing', {}],
    ['labels', { labels: { meeting: 'weekly' } }],
    ['no notice', { webhook: false }],
  ])('is %s', async (_, body) => {
    expect(await read(body)).toEqual(body);
  });

  it('is not something else in the place of labels', async () => {
    expect(await wrong(read({ labels: ['a'] }))).toEqual(['labels']);
  });

  it.each(['true', 1, 'no'])('is not %j for whether a notice is wanted', async (webhook) => {
    expect(await wrong(read({ webhook }))).toEqual(['webhook']);
  });
});

describe('what a list of jobs may be narrowed by', () => {
  const read = reader(JobsQuery, 'query');

  it('is states and kinds, in either way of writing several', async () => {
    expect(await read({ status: 'running,failed', kind: 'call' })).toMatchObject({
      status: ['running', 'failed'],
      kind: ['call'],
    });
    expect(await read({ status: ['running', 'failed,queued'] })).toMatchObject({
      status: ['running', 'failed', 'queued'],
    });
  });

  it('is labels, whose values may hold anything', async () => {
    const query = await read({ label: ['meeting:weekly', 'url:https://x/?a:b', 'empty:', '__proto__:x'] });
    expect(Object.entries(query.labels())).toEqual([
      ['meeting', 'weekly'],
      ['url', 'https://x/?a:b'],
      ['empty', ''],
      ['__proto__', 'x'],
    ]);
    expect((await read({})).labels()).toEqual({});
  });

  it('is a span of time', async () => {
    const query = await read({ createdAfter: '2026-11-20', createdBefore: '2026-11-21T12:00:00+02:00' });
    expect([query.createdAfter?.toISOString(), query.createdBefore?.toISOString()]).toEqual([
      '2026-11-20T00:00:00.000Z',
      '2026-11-21T10:00:00.000Z',
    ]);
  });

  it.each<[string, object]>([
    ['status', { status: 'done' }],
    ['status', { status: 'running,' }],
    ['status', { status: 'toString' }],
    ['label', { label: 'meeting' }],
    ['label', { label: ':weekly' }],
    ['label', { label: [`${'n'.repeat(65)}:x`] }],
    ['createdAfter', { createdAfter: 'yesterday' }],
    ['createdBefore', { createdBefore: '12/11/2025' }],
    ['team', { team: 'red' }],
    ['state', { state: 'running' }],
  ])('is not this %s: %j', async (field, query) => {
    expect(await wrong(read(query))).toEqual([field]);
  });
});

describe('what a person may say of a job', () => {
  const read = reader(ResolveRequest);
  const good = { to: 'failed', reason: 'found in the dashboard' };

  it.each<object>([
    good,
    { ...good, to: 'running', externalId: 'e-1/2' },
    { ...good, to: 'succeeded', result: { words: [], toString: 1 } },
    { ...good, to: 'queued' },
  ])('is %j', async (body) => {
    expect(await read(body)).toEqual(body);
  });

  it.each<[string, object]>([
    ['to', { ...good, to: 'canceled' }],
    ['to', { reason: 'x' }],
    ['reason', { to: 'failed', reason: '' }],
    ['reason', { ...good, reason: 'x'.repeat(1_001) }],
    ['externalId', { ...good, externalId: '' }],
    ['externalId', { ...good, externalId: 'a b' }],
    ['externalId', { ...good, externalId: 'a\0' }],
    ['externalId', { ...good, externalId: 'x'.repeat(201) }],
    ['result', { ...good, result: 'words' }],
    ['result', { ...good, result: [] }],
    ['status', { ...good, status: 'failed' }],
  ])('is not with this %s: %j', async (field, body) => {
    expect([...new Set(await wrong(read(body)))]).toEqual([field]);
  });
});
