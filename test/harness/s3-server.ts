import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';

const BUCKET = 'signalbox-files';
const UPLOADS = '._S3rver_uploads';

/** What Koa hands from one step to the next, as far as it is needed here. */
interface Step {
  method: string;
  path: string;
  query: Record<string, string | undefined>;
  status: number;
  type: string;
  body: unknown;
  req: { headers: Record<string, string | undefined> };
}
type Next = () => Promise<void>;

/**
 * A real S3 server on loopback, which can go away and come back with all that it has. It lacks two requests that all others
 * have (the end and the list of uploads in parts): they are added here.
 */
export class S3Server {
  readonly bucket = BUCKET;
  readonly keyId = 'S3RVER';
  readonly secret = 'S3RVER';
  /** Method, path and the parameters' names of each request. */
  readonly requests: string[] = [];
  /** What uploads say of when they began, in milliseconds. */
  initiated = Date.now();
  private port = 0;
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly folder: string) {}

  static async start(): Promise<S3Server> {
    const made = new S3Server(await mkdtemp(join(tmpdir(), 'signalbox-s3-')));
    await made.comeBack();
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the service is told of it. */
  get env(): Record<string, string> {
    return {
      FILES_S3_BUCKET: this.bucket,
      FILES_S3_ENDPOINT: this.url,
      FILES_S3_ACCESS_KEY_ID: this.keyId,
      FILES_S3_SECRET_ACCESS_KEY: this.secret,
      FILES_S3_PREFIX: 'team/files',
      FILES_S3_PATH_STYLE: 'true',
    };
  }

  async comeBack(): Promise<void> {
    const server = new S3rver({
      address: '127.0.0.1',
      port: this.port,
      silent: true,
      directory: this.folder,
      // It would say so on each start again.
      configureBuckets: existsSync(join(this.folder, BUCKET)) ? [] : [{ name: BUCKET, configs: [] }],
    });
    server.middleware.unshift((step: Step, next: Next) => this.add(step, next));
    const { port } = await server.run();
    this.port = port;
    this.server = server.httpServer;
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  async goAway(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve) ?? resolve(undefined));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = null;
  }

  async stop(): Promise<void> {
    await this.goAway();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Names of whole objects below the prefix. */
  async objects(): Promise<string[]> {
    const names = await readdir(join(this.folder, BUCKET, 'team/files')).catch(() => []);
    return names.filter((name) => name.endsWith('._S3rver_object')).map((name) => name.split('.')[0] ?? '');
  }

  /** Ids of uploads in parts that nobody has ended. */
  uploads(): Promise<string[]> {
    return readdir(join(this.folder, BUCKET, UPLOADS)).catch(() => []);
  }

  /** As if it had come so many milliseconds ago. */
  async age(name: string, ms: number): Promise<void> {
    const then = new Date(Date.now() - ms);
    await utimes(join(this.folder, BUCKET, 'team/files', `${name}._S3rver_object`), then, then);
  }

  async sha256(name: string): Promise<string> {
    const bytes = await readFile(join(this.folder, BUCKET, 'team/files', `${name}._S3rver_object`));
    return createHash('sha256').update(bytes).digest('hex');
  }

  private async add(step: Step, next: Next): Promise<void> {
    this.requests.push(`${step.method} ${step.path} ${Object.keys(step.query).join(' ')}`.trim());
    if (step.method === 'DELETE' && step.query.uploadId !== undefined) {
      const path = join(this.folder, BUCKET, UPLOADS, step.query.uploadId);
      const there = await stat(path).catch(() => null);
      if (there) await rm(path, { recursive: true });
      step.status = there ? 204 : 404;
      step.body = there ? null : '<Error><Code>NoSuchUpload</Code></Error>';
      return;
    }
    if (step.method === 'GET' && 'uploads' in step.query) {
      step.type = 'application/xml';
      step.body = `<ListMultipartUploadsResult>${(await this.listed()).join('')}</ListMultipartUploadsResult>`;
      return;
    }
    await next();
  }

  private async listed(): Promise<string[]> {
    const at = new Date(this.initiated).toISOString();
    return Promise.all(
      (await this.uploads()).map(async (id) => {
        const key = await readFile(join(this.folder, BUCKET, UPLOADS, id, 'key'), 'utf8');
        return `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at}</Initiated></Upload>`;
      }),
    );
  }
}
