/** As far as it is used here; it comes without types. */
declare module 's3rver' {
  import type { Server } from 'node:http';

  export default class S3rver {
    constructor(options: Record<string, unknown>);
    readonly httpServer: Server;
    readonly middleware: unknown[];
    run(): Promise<{ port: number }>;
  }
}
