import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { readMail } from './mail-reader.js';
import type { ReadMail } from './mail-reader.js';

export interface ReceivedMail extends ReadMail {
  from: string;
  to: string[];
  raw: string;
}

/** A real mail server on a port of its own; it keeps what it takes. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  connections = 0;
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 50,
      onConnect: (_session, done) => {
        this.connections += 1;
        done();
      },
      onData: (stream, { envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('latin1');
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          this.mails.push({ ...readMail(raw), from, to: envelope.rcptTo.map(({ address }) => address), raw });
          done();
        });
      },
      ...options,
    });
    // A client that hangs up over a certificate is an error to it, and what some tests are about.
    this.server.on('error', () => undefined);
  }

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const made = new MailServer(options);
    await new Promise<void>((listening) => made.server.listen(0, '127.0.0.1', listening));
    return made;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** Open connections. */
  get open(): number {
    return this.server.connections.size;
  }

  async stop(): Promise<void> {
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }
}
