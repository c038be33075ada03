import type { Change } from '../../kernel/jobs/change.js';
import type { ProviderJob } from '../../kernel/jobs/provider.js';
import { NotNow } from '../../kernel/jobs/provider-errors.js';
import type { ListPage, ListedJob } from './pyannote.answers.js';
import { listed } from './pyannote.list.js';
import { aJob } from './testing/stage.js';

const noon = new Date('2026-11-21T12:00:00Z');
const jobs = (count: number) =>
  Array.from({ length: count }, (_, i) => aJob({ id: `job-${i}`, externalId: `ext-${i}`, createdAt: noon }));
const line = (id: string, status: unknown, createdAt: Date | null = noon): ListedJob => ({ id, status, createdAt });
const done: Change = { to: 'succeeded', result: {} };

/** A list of given pages, with a note of how often it was read. */
function pagesOf(...pages: (ListPage | Error)[]) {
  const asked: (string | undefined)[] = [];
  const read = (cursor?: string) => {
    const page = pages[asked.push(cursor) - 1] ?? { items: [], nextCursor: null };
    return page instanceof Error ? Promise.reject(page) : Promise.resolve(page);
  };
  return { asked, jobs: read };
}

describe('many jobs by the vendor’s list', () => {
  it('takes those still open from the list and asks for those that ended', async () => {
    const items = [
      line('ext-2', 'done'),
      line('foreign', 'running'),
      line('ext-1', 'succeeded'),
      line('ext-0', 'running'),
    ];
    const ask = jest.fn((_: ProviderJob) => Promise.resolve(done));
    const answers = await listed(pagesOf({ items, nextCursor: 'more' }), jobs(3), ask);
    expect(answers).toEqual(
      new Map<string, Change | null>([
        ['job-2', null],
        ['job-1', done],
        ['job-0', { to: 'running', phase: 'processing' }],
      ]),
    );
    expect(ask.mock.calls.map(([job]) => job.id)).toEqual(['job-1']);
  });

  it('reads no further page once all are found', async () => {
    const client = pagesOf({ items: [line('ext-0', 'created')], nextCursor: 'more' });
    await listed(client, jobs(1), () => Promise.resolve(null));
    expect(client.asked).toEqual([undefined]);
  });

  it('follows the cursor, but not into times before the oldest job', async () => {
    const old = new Date(noon.getTime() - 2 * 3_600_000);
    const client = pagesOf(
      { items: [line('x', 'running')], nextCursor: 'p2' },
      { items: [line('ext-3', 'running'), line('y', 'failed', old)], nextCursor: 'p3' },
    );
    const answers = await listed(client, jobs(6), () => Promise.resolve(null));
    expect(client.asked).toEqual([undefined, 'p2']);
    expect([...answers.keys()]).toEqual(['job-3']);
  });

  it('never reads more pages than half as many as there are jobs, and never goes round in circles', async () => {
    const endless = (cursor: string) => ({ items: [line('x', 'running', null)], nextCursor: cursor });
    const long = pagesOf(endless('a'), endless('b'), endless('c'), endless('d'));
    expect(await listed(long, jobs(4), () => Promise.resolve(null))).toEqual(new Map());
    expect(long.asked).toEqual([undefined, 'a']);
    const circle = pagesOf(endless('a'), endless('a'), endless('a'));
    await listed(circle, jobs(20), () => Promise.resolve(null));
    expect(circle.asked).toEqual([undefined, 'a']);
  });

  it('keeps what is known when the limit is reached in the middle', async () => {
    const items = [line('ext-0', 'running'), line('ext-1', 'succeeded'), line('ext-2', 'running')];
    const full = () => Promise.reject(new NotNow(100));
    const answers = await listed(pagesOf({ items, nextCursor: null }), jobs(3), full);
    expect([...answers.keys()]).toEqual(['job-0']);
  });

  it('keeps what is known when the vendor fails in the middle, and fails when nothing is', async () => {
    const first = { items: [line('ext-0', 'running')], nextCursor: 'p2' };
    const answers = await listed(pagesOf(first, new Error('500')), jobs(4), () => Promise.resolve(null));
    expect([...answers.keys()]).toEqual(['job-0']);
    await expect(listed(pagesOf(new Error('500')), jobs(4), () => Promise.resolve(null))).rejects.toThrow('500');
  });

  it('asks nothing about jobs without an id', async () => {
    const client = pagesOf();
    expect(await listed(client, [aJob({ externalId: null })], () => Promise.resolve(null))).toEqual(new Map());
    expect(client.asked).toEqual([]);
  });
});
