import type { Draft } from '../file-store.js';
import { storageUnavailable } from '../files.problems.js';
import type { S3Connection } from './s3-client.js';

/** The least that S3 takes as a part that is not the last; what one upload holds in memory is three of them at most. */
export const PART_BYTES = 5 * 1_024 * 1_024;
/** The most that S3 takes. */
export const MOST_PARTS = 10_000;

/** Where an object lies. */
export interface Place {
  Bucket: string;
  Key: string;
}

/**
 * An object on its way: in parts, of which one is sent while the next comes in; what is smaller than one is sent in one
 * piece. The object is there when `keep` has told S3 that it is whole.
 */
export class S3Draft implements Draft {
  private pieces: Uint8Array[] = [];
  private held = 0;
  private count = 0;
  private uploadId: string | null = null;
  private sending: Promise<void> = Promise.resolve();
  private readonly sent: { ETag?: string; PartNumber: number }[] = [];
  private readonly given = new AbortController();

  constructor(
    private readonly connection: S3Connection,
    private readonly place: Place,
    private readonly began: (uploadId: string) => void,
    private readonly ended: () => void,
  ) {}

  async write(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0;) {
      const piece = rest.subarray(0, PART_BYTES - this.held);
      // A copy: the sender may use its buffer for what comes next.
      this.pieces.push(Buffer.from(piece));
      this.held += piece.length;
      rest = rest.subarray(piece.length);
      if (this.held === PART_BYTES) await this.sendPart();
    }
  }

  async keep(): Promise<void> {
    if (this.uploadId === null) {
      const Body = this.take();
      await this.connection.ask('put', (client, s3) => client.send(new s3.PutObjectCommand({ ...this.place, Body })));
    } else {
      if (this.held > 0) await this.sendPart();
      await this.sending;
      const whole = { ...this.upload, MultipartUpload: { Parts: this.sent } };
      await this.there('complete', (client, s3) => client.send(new s3.CompleteMultipartUploadCommand(whole)));
    }
    this.ended();
  }

  /** First what is being sent is broken off: a part that arrived after the abort would stay, and be paid for. */
  async discard(): Promise<void> {
    this.given.abort();
    await this.sending.catch(() => undefined);
    if (this.uploadId !== null) {
      await this.connection
        .ask('abort', (client, s3) => client.send(new s3.AbortMultipartUploadCommand(this.upload)))
        .catch(() => undefined);
    }
    this.ended();
  }

  private get upload() {
    return { ...this.place, UploadId: this.uploadId ?? undefined };
  }

  /** Waits for the part before, so that the sender is held back to the pace of the storage. */
  private async sendPart(): Promise<void> {
    this.uploadId ??= await this.begin();
    await this.sending;
    const [Body, PartNumber] = [this.take(), (this.count += 1)];
    this.sending = this.sendOne(Body, PartNumber);
    this.sending.catch(() => undefined);
  }

  private async begin(): Promise<string> {
    const made = await this.there('begin', (client, s3) =>
      client.send(new s3.CreateMultipartUploadCommand(this.place)),
    );
    const { UploadId = '' } = made;
    this.began(UploadId);
    return UploadId;
  }

  private async sendOne(Body: Buffer, PartNumber: number): Promise<void> {
    const { signal: abortSignal } = this.given;
    const { ETag } = await this.there('part', (client, s3) =>
      client.send(new s3.UploadPartCommand({ ...this.upload, PartNumber, Body }), { abortSignal }),
    );
    this.sent.push({ ETag, PartNumber });
  }

  /** Null would mean that somebody ended the upload behind our back. */
  private async there<T>(...[operation, work]: Parameters<typeof this.connection.ask<T>>): Promise<T> {
    const answer = await this.connection.ask(operation, work, this.given.signal);
    if (answer === null) throw storageUnavailable();
    return answer;
  }

  private take(): Buffer {
    const bytes = Buffer.concat(this.pieces);
    this.pieces = [];
    this.held = 0;
    return bytes;
  }
}
