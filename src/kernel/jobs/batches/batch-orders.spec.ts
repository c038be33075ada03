import { IsInt, IsOptional, IsString, Max } from 'class-validator';
import { Problem, invalidField } from '../../http/problem.js';
import type { FieldError } from '../../http/problem.js';
import { validationPipe } from '../../http/validation.js';
import { JobRequest } from '../job-request.dto.js';
import { BatchKinds } from './batch-kinds.js';
import { BatchOrders } from './batch-orders.js';
import { BatchSize } from './batch-size.js';
import { BatchRequest, MAX_ITEMS } from './batch.dto.js';

class DrawingRequest extends JobRequest {
  @IsString()
  url: string;

  @IsOptional()
  @IsInt()
  @Max(9)
  colours?: number;
}

const kinds = new BatchKinds();
kinds.register('drawing', DrawingRequest, (teamId, { url, colours, labels, webhook }) => {
  if (url.includes('private')) throw invalidField('url', 'points to a private address');
  return Promise.resolve({ kind: 'drawing', input: { teamId, url, colours }, labels, webhook });
});

/** What the controller does with a body, up to the jobs. */
async function jobsOf(body: object) {
  const pipe = validationPipe();
  const request = (await pipe.transform(body, { type: 'body', metatype: BatchRequest })) as BatchRequest;
  return new BatchOrders(kinds).jobsOf('team', request);
}

async function faultsOf(body: object): Promise<readonly FieldError[]> {
  try {
    await jobsOf(body);
    return [];
  } catch (error) {
    if (error instanceof Problem && error.getStatus() === 400) return error.extras.errors ?? [];
    throw error;
  }
}

const many = (count: number, item: (i: number) => unknown = (i) => ({ url: `u${i}` })) =>
  Array.from({ length: count }, (_, i) => item(i));

describe('the order of a batch', () => {
  it('is one job per item, in their order, with the options of all', async () => {
    const jobs = await jobsOf({
      kind: 'drawing',
      options: { colours: 3 },
      labels: { show: 'a', by: 'all' },
      webhook: false,
      items: [{ url: 'u0' }, { url: 'u1', labels: { by: 'one' } }],
    });
    const rest = { kind: 'drawing', webhook: false };
    expect(jobs).toEqual([
      { ...rest, input: { teamId: 'team', url: 'u0', colours: 3 }, labels: { show: 'a', by: 'all' } },
      { ...rest, input: { teamId: 'team', url: 'u1', colours: 3 }, labels: { show: 'a', by: 'one' } },
    ]);
  });

  it(`takes ${MAX_ITEMS} items`, async () => {
    expect(await jobsOf({ kind: 'drawing', items: many(MAX_ITEMS) })).toHaveLength(MAX_ITEMS);
  });

  it('names the one that is wrong among a thousand, and every field of it', async () => {
    const items = many(1_000, (i) => (i === 17 ? { url: 7, labels: 'x', colour: 1 } : { url: `u${i}` }));
    expect((await faultsOf({ kind: 'drawing', items })).map(({ field }) => field).sort()).toEqual([
      'items[17].colour',
      'items[17].labels',
    ]);
    items[17] = { url: 7 };
    items[903] = { url: 'http://private' };
    expect(await faultsOf({ kind: 'drawing', items })).toEqual([
      { field: 'items[17].url', detail: 'must be a string' },
      { field: 'items[903].url', detail: 'points to a private address' },
    ]);
  });

  it('names what is wrong with the options once, under their own name', async () => {
    const body = { kind: 'drawing', options: { colours: 99, size: 1 }, items: many(20) };
    expect((await faultsOf(body)).map(({ field }) => field).sort()).toEqual(['options.colours', 'options.size']);
  });

  it('does not take an unknown field of an item for an option of the same name', async () => {
    const body = { kind: 'drawing', options: { colours: 1 }, items: [{ url: 'u', colours: 2 }] };
    expect((await faultsOf(body)).map(({ field }) => field)).toEqual(['items[0].colours']);
  });

  it('names a hundred faults at most, and says that there may be more', async () => {
    const faults = await faultsOf({ kind: 'drawing', items: many(1_000, () => ({})) });
    expect(faults).toHaveLength(101);
    expect(faults.at(-1)).toEqual({ field: 'items', detail: 'only the first 100 faults are named' });
  });

  it.each(['url', 'file', 'labels', 'webhook'])('has no place for %s among the options', async (name) => {
    const body = { kind: 'drawing', options: { [name]: 'x' }, items: many(1) };
    expect((await faultsOf(body)).map(({ field }) => field)).toEqual([`options.${name}`]);
  });

  it.each<[string, object]>([
    ['kind', { items: many(1) }],
    ['kind', { kind: 'sculpture', items: many(1) }],
    ['items', { kind: 'drawing' }],
    ['items', { kind: 'drawing', items: [] }],
    ['items', { kind: 'drawing', items: {} }],
    ['items', { kind: 'drawing', items: many(1_001) }],
    ['items[1]', { kind: 'drawing', items: [{ url: 'u' }, null] }],
    ['items[0]', { kind: 'drawing', items: [[]] }],
    ['items[0]', { kind: 'drawing', items: ['u'] }],
    ['items[0].url', { kind: 'drawing', items: [{}] }],
    ['options', { kind: 'drawing', options: [], items: many(1) }],
    ['options', { kind: 'drawing', options: 'x', items: many(1) }],
    ['labels', { kind: 'drawing', labels: { a: 1 }, items: many(1) }],
    ['webhook', { kind: 'drawing', webhook: 'no', items: many(1) }],
    ['name', { kind: 'drawing', name: 'x', items: many(1) }],
  ])('is refused for %s: %j', async (field, body) => {
    expect([...new Set((await faultsOf(body)).map((fault) => fault.field))]).toEqual([field]);
  });

  it('counts the labels of a job, and not those of batch and item by themselves', async () => {
    const labels = (name: string) => Object.fromEntries(many(11, (i) => [`${name}${i}`, 'x']) as [string, string][]);
    const body = { kind: 'drawing', labels: labels('a'), items: [{ url: 'u', labels: labels('b') }] };
    expect((await faultsOf(body)).map(({ field }) => field)).toEqual(['items[0].labels']);
  });

  it('is not made larger by its options than it may be', () => {
    const size = new BatchSize();
    const input = { print: 'x'.repeat(1_024 ** 2) };
    for (let i = 0; i < 31; i++) size.add(input);
    expect(() => size.add(input)).toThrow('items: with these options 31 items make 32 MiB');
  });

  it('is made by one domain per kind', () => {
    const again = () => kinds.register('drawing', DrawingRequest, () => Promise.reject(new Error()));
    expect(again).toThrow('registered twice');
  });
});
