import type { Readable } from 'node:stream';
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { DAY, HOUR } from '../../config/pace.js';
import type { Pace } from '../../config/pace.js';
import type { ByteRange } from '../byte-range.js';
import { FileStore } from '../file-store.js';
import type { Draft, Entry } from '../file-store.js';
import type { S3Connection } from './s3-client.js';
import { S3Draft } from './s3-draft.js';
import type { Place } from './s3-draft.js';
import { S3Leftovers } from './s3-leftovers.js';
import type { S3Env } from './s3.env.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** No upload of another process may be this old: S3 does not tell when its last byte came. */
const DEAD_AFTER = DAY;
/** However fast the clock is made to run. */
const LEAST = HOUR;

/** A bucket, or a part of one: each file is an object under its id. */
export class S3Store extends FileStore implements OnModuleInit, OnApplicationShutdown {
  private readonly bucket: string;
  private readonly prefix: string;
  private readonly leftovers: S3Leftovers;

  constructor(
    env: Readonly<S3Env>,
    private readonly connection: S3Connection,
    pace: Pace,
  ) {
    super();
    this.bucket = env.FILES_S3_BUCKET;
    this.prefix = env.FILES_S3_PREFIX.replace(/(?<=[^/])$/, '/');
    const deadAfter = Math.max(pace.ms(DEAD_AFTER), LEAST);
    this.leftovers = new S3Leftovers(connection, { Bucket: this.bucket, Prefix: this.prefix }, deadAfter);
  }

  /** Wrong keys do not hold up the start: it is told, counted and shown in health, and all else works. */
  async onModuleInit(): Promise<void> {
    await this.answers();
  }

  onApplicationShutdown(): void {
    this.connection.close();
  }

  /** Whether the bucket can be listed, which needs it to be there, and us to be let in. */
  answers(): Promise<boolean> {
    return this.list(undefined, 1).then(
      (answer) => answer !== null,
      () => false,
    );
  }

  draft(id: string): Promise<Draft> {
    let mine: string | null = null;
    const draft = new S3Draft(
      this.connection,
      this.place(id),
      (uploadId) => {
        mine = uploadId;
        this.leftovers.living.add(uploadId);
      },
      () => void (mine !== null && this.leftovers.living.delete(mine)),
    );
    return Promise.resolve(draft);
  }

  async read(id: string, range?: ByteRange): Promise<Readable | null> {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const answer = await this.connection.ask('get', (client, s3) =>
      client.send(new s3.GetObjectCommand({ ...this.place(id), Range })),
    );
    return answer && (answer.Body as Readable);
  }

  async head(id: string, length: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    const answer = await this.connection.ask('get', async (client, s3) => {
      const Range = `bytes=0-${length - 1}`;
      const { Body } = await client.send(new s3.GetObjectCommand({ ...this.place(id), Range }));
      for await (const part of Body as Readable) parts.push(part as Buffer);
      return parts;
    });
    return answer && Buffer.concat(answer);
  }

  async remove(name: string): Promise<void> {
    if (!ID.test(name)) return this.leftovers.remove(name);
    await this.connection.ask('delete', (client, s3) => client.send(new s3.DeleteObjectCommand(this.place(name))));
  }

  async entries(): Promise<Entry[]> {
    const entries = await this.leftovers.entries();
    let page = await this.list();
    while (page) {
      for (const { Key = '' } of page.Contents ?? []) {
        const id = Key.slice(this.prefix.length);
        if (ID.test(id)) entries.push({ name: id, id });
      }
      page = page.NextContinuationToken === undefined ? null : await this.list(page.NextContinuationToken);
    }
    return entries;
  }

  async measure(name: string): Promise<{ size: number; ageMs: number } | null> {
    if (!ID.test(name)) return { size: 0, ageMs: Infinity };
    const answer = await this.connection.ask('head', (client, s3) =>
      client.send(new s3.HeadObjectCommand(this.place(name))),
    );
    if (!answer) return null;
    const { ContentLength: size = 0, LastModified } = answer;
    return { size, ageMs: LastModified ? this.connection.now() - LastModified.getTime() : 0 };
  }

  private list(ContinuationToken?: string, MaxKeys?: number): Promise<ListObjectsV2CommandOutput | null> {
    const where = { Bucket: this.bucket, Prefix: this.prefix, ContinuationToken, MaxKeys };
    return this.connection.ask('list', (client, s3) => client.send(new s3.ListObjectsV2Command(where)));
  }

  private place(id: string): Place {
    return { Bucket: this.bucket, Key: `${this.prefix}${id}` };
  }
}
