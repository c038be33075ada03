import type { ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import type { Entry } from '../file-store.js';
import type { S3Connection } from './s3-client.js';

/** Between the id of a file and the id of its upload. */
const BY = '.part/';

/** Uploads in parts that nobody ends any more: they are seen in no listing of objects, and are paid for. */
export class S3Leftovers {
  /** Uploads of this process. */
  readonly living = new Set<string>();
  private isListed = true;

  constructor(
    private readonly connection: S3Connection,
    private readonly where: { Bucket: string; Prefix: string },
    /** Milliseconds since its beginning. */
    private readonly deadAfter: number,
  ) {}

  /** Those that are old enough to belong to a process that died. */
  async entries(): Promise<Entry[]> {
    const found: Entry[] = [];
    let page: ListMultipartUploadsCommandOutput | null = await this.page();
    while (page) {
      for (const { Key = '', UploadId = '', Initiated } of page.Uploads ?? []) {
        const age = Initiated ? this.connection.now() - Initiated.getTime() : 0;
        if (age < this.deadAfter || this.living.has(UploadId)) continue;
        found.push({ name: `${Key.slice(this.where.Prefix.length)}${BY}${UploadId}`, id: null });
      }
      page = page.IsTruncated ? await this.page(page.NextKeyMarker, page.NextUploadIdMarker) : null;
    }
    return found;
  }

  /** By its name in `entries`. */
  async remove(name: string): Promise<void> {
    const at = name.indexOf(BY);
    const upload = {
      Bucket: this.where.Bucket,
      Key: `${this.where.Prefix}${name.slice(0, at)}`,
      UploadId: name.slice(at + BY.length),
    };
    await this.connection.ask('abort', (client, s3) => client.send(new s3.AbortMultipartUploadCommand(upload)));
  }

  /** Null from a server that has no such listing: there its own rules have to end them. */
  private async page(KeyMarker?: string, UploadIdMarker?: string): Promise<ListMultipartUploadsCommandOutput | null> {
    if (!this.isListed) return null;
    return this.connection.ask('list_uploads', async (client, s3) => {
      try {
        const from = { ...this.where, KeyMarker, UploadIdMarker };
        return await client.send(new s3.ListMultipartUploadsCommand(from));
      } catch (error) {
        if (!LACKS.has((error as Error).name)) throw error;
        this.isListed = false;
        return null;
      }
    });
  }
}

const LACKS = new Set(['NotImplemented', 'MethodNotAllowed']);
