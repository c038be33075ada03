import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, type FaultStore, numberOf, type Occasion } from '../faults/fault-store.js';
import { noteDropped } from '../record.routes.js';
import type { SandboxRecord } from '../record.js';
import type { Timers } from '../timers.js';
import { isFor, type Place, type RequestFault, VENDOR } from './fault-catalogue.js';

export interface Reply {
  code: number;
  body?: unknown;
}

/** Error bodies as the vendor words them: some carry a request id, some a list of fields, none a machine's code. */
export function problem(code: number, message: string): Reply {
  if (code === 400) return { code, body: { message, errors: [] } };
  if (code === 402 || code === 429) return { code, body: { requestId: randomUUID(), message } };
  return { code, body: { message } };
}

/** Every answer passes here, so that a fault can delay it, replace it or cut the line. */
export class Answers {
  constructor(
    private readonly faults: FaultStore,
    private readonly timers: Timers,
    private readonly record: SandboxRecord,
  ) {}

  async give(
    request: FastifyRequest,
    reply: FastifyReply,
    place: Place,
    occasion: Occasion,
    work: () => Promise<Reply> | Reply,
  ): Promise<unknown> {
    const strike = (name: RequestFault) => this.faults.take(VENDOR, name, occasion, isFor(place));
    const [slow, drop, status] = [strike('slow'), strike('drop'), strike('status')];
    const spoiler = drop ?? status;
    const done = spoiler === undefined || spoiler.params.taken === true ? await work() : null;
    if (slow !== undefined) await this.timers.wait(numberOf(slow, 'ms', 1_000));
    if (drop !== undefined) return this.cut(request, reply);
    if (status !== undefined) return send(reply, spoiled(status, reply));
    return send(reply, done ?? problem(500, 'Internal server error'));
  }

  private cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    noteDropped(this.record, request);
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
}

function spoiled(fault: Fault, reply: FastifyReply): Reply {
  const code = numberOf(fault, 'code', 500);
  if (typeof fault.params.retryAfter === 'number') void reply.header('Retry-After', String(fault.params.retryAfter));
  if (fault.params.body === undefined) return problem(code, `A fault was asked for: ${code}`);
  if (typeof fault.params.body === 'string') void reply.type('text/html');
  return { code, body: fault.params.body };
}

function send(reply: FastifyReply, { code, body }: Reply): FastifyReply {
  return reply.code(code).send(body);
}
