import type { S3Connection } from './s3-client.js';
import { PART_BYTES, S3Draft } from './s3-draft.js';

const half = Buffer.alloc(PART_BYTES / 2);

/** Requests that are answered when the test says so. */
class SlowStorage {
  readonly asked: { operation: string; answer(): void }[] = [];

  get operations(): string[] {
    return this.asked.map(({ operation }) => operation);
  }

  readonly connection = {
    ask: (operation: string) =>
      new Promise((resolve) => {
        this.asked.push({ operation, answer: () => resolve({ UploadId: 'an-upload', ETag: 'a-tag' }) });
        if (operation !== 'part') this.asked.at(-1)?.answer();
      }),
  } as unknown as S3Connection;

  draft(ended = () => undefined): S3Draft {
    return new S3Draft(this.connection, { Bucket: 'b', Key: 'k' }, () => undefined, ended);
  }
}

const isPending = (work: Promise<void>) =>
  Promise.race([work.then(() => false), new Promise((resolve) => setImmediate(() => resolve(true)))]);

describe('An object on its way to S3', () => {
  it('that is smaller than a part goes in one piece, when it is whole', async () => {
    const storage = new SlowStorage();
    const draft = storage.draft();
    await draft.write(half);
    expect(storage.operations).toEqual([]);
    await draft.keep();
    expect(storage.operations).toEqual(['put']);
  });

  it('holds its sender back while a part is being sent and the next one is full', async () => {
    const storage = new SlowStorage();
    const draft = storage.draft();
    for (let n = 0; n < 3; n++) await draft.write(half);
    expect(storage.operations).toEqual(['begin', 'part']);
    const fourth = draft.write(half);
    expect(await isPending(fourth)).toBe(true);
    expect(storage.operations).toEqual(['begin', 'part']);
    storage.asked[1]?.answer();
    await fourth;
    expect(storage.operations).toEqual(['begin', 'part', 'part']);
    storage.asked[2]?.answer();
    await draft.keep();
    expect(storage.operations.at(-1)).toBe('complete');
  });

  it('that is given up ends its upload, and nothing where none has begun', async () => {
    const storage = new SlowStorage();
    let ends = 0;
    const draft = storage.draft(() => void (ends += 1));
    await draft.write(Buffer.alloc(PART_BYTES));
    storage.asked[1]?.answer();
    await draft.discard();
    expect([storage.operations.at(-1), ends]).toEqual(['abort', 1]);
    const small = new SlowStorage();
    await small.draft().discard();
    expect(small.operations).toEqual([]);
  });
});
