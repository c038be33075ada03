import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Drawing {
  drawing: string;
  state: string;
  subject: string;
  notify: string | null;
  picture?: string;
  why?: string;
}

interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

/** The toy vendor itself: takes orders, keeps their state, and sends signed notices when a test tells it to. */
export class ToyVendor {
  readonly key = 'toy-key';
  readonly secret = 'toy-secret-0123456789';
  readonly asked: Asked[] = [];
  readonly drawings: Drawing[] = [];
  /** How often `PUT /shelf` still fails. */
  shelfBroken = 0;
  /** While it is pending, orders are taken but not answered. */
  slow: Promise<void> | null = null;
  private notices = 0;
  private readonly server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      void this.answer({ method: request.method ?? '', path: request.url ?? '', body }, response);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** The drawing that was ordered for one of our jobs. */
  of(jobId: string): Drawing | undefined {
    return this.drawings.find(({ notify }) => notify !== null && new URL(notify).searchParams.get('job') === jobId);
  }

  /** Changes the state without telling anybody: a notice that got lost. */
  turn(drawing: Drawing, state: string): void {
    Object.assign(drawing, { state }, state === 'done' ? { picture: `<svg>${drawing.subject}</svg>` } : {});
  }

  /** Changes the state and sends the notice of it. */
  async tell(drawing: Drawing, state: string): Promise<number> {
    this.turn(drawing, state);
    const { drawing: id, picture, why } = drawing;
    return this.send(drawing, { id: `n_${++this.notices}`, drawing: id, state, picture, why });
  }

  async send({ notify }: Drawing, notice: object): Promise<number> {
    if (notify === null) throw new Error('nobody wants to be told');
    const body = JSON.stringify(notice);
    const t = Math.floor(Date.now() / 1_000);
    const v1 = createHmac('sha256', this.secret).update(`${t}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'toy-signature': `t=${t},v1=${v1}` };
    return (await fetch(notify, { method: 'POST', headers, body })).status;
  }

  private async answer(request: Asked, response: ServerResponse): Promise<void> {
    this.asked.push(request);
    const [, place, id, act] = request.path.split('/');
    const found = this.drawings.find(({ drawing }) => drawing === id);
    const reply = (status: number, body?: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
    if (request.method === 'POST' && place === 'drawings' && id === undefined) {
      const made = this.order(request.body);
      await this.slow;
      reply(201, { drawing: made.drawing, state: 'accepted' });
    } else if (request.method === 'PUT' && place === 'shelf') {
      reply(this.shelfBroken-- > 0 ? 500 : 204);
    } else if (!found) {
      reply(404);
    } else if (act === 'stop') {
      if (found.state === 'accepted' || found.state === 'sketched') found.state = 'stopping';
      reply(202, found);
    } else {
      reply(200, found);
    }
  }

  private order({ subject, notify }: Record<string, unknown>): Drawing {
    const made: Drawing = {
      drawing: `d_${this.drawings.length + 1}`,
      state: 'accepted',
      subject: String(subject),
      notify: typeof notify === 'string' ? notify : null,
    };
    this.drawings.push(made);
    return made;
  }
}
