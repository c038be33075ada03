import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, type FaultStore, numberOf, type Occasion } from './faults/fault-store.js';
import { noteDropped } from './record.routes.js';
import type { SandboxRecord } from './record.js';
import type { Timers } from './timers.js';

export interface Reply {
  code: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** How a vendor words what went wrong. */
export type Problem = (code: number, message: string) => Reply;

interface Rooms {
  faults: FaultStore;
  timers: Timers;
  record: SandboxRecord;
}

/** Every answer of a vendor passes here, so that a fault can delay it, replace it or cut the line. */
export class Answers<Place extends string> {
  constructor(
    private readonly vendor: string,
    private readonly problem: Problem,
    private readonly rooms: Rooms,
  ) {}

  async give(
    request: FastifyRequest,
    reply: FastifyReply,
    place: Place,
    occasion: Occasion,
    work: () => Promise<Reply> | Reply,
  ): Promise<unknown> {
    const strike = (name: 'slow' | 'drop' | 'status') =>
      this.rooms.faults.take(this.vendor, name, occasion, isFor(place));
    const [slow, drop, status] = [strike('slow'), strike('drop'), strike('status')];
    const spoiler = drop ?? status;
    const done = spoiler === undefined || spoiler.params.taken === true ? await work() : null;
    if (slow !== undefined) await this.rooms.timers.wait(numberOf(slow, 'ms', 1_000));
    if (drop !== undefined) return this.cut(request, reply);
    if (status !== undefined) return send(reply, this.spoiled(status, reply));
    return send(reply, done ?? this.problem(500, 'Internal server error'));
  }

  private cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    noteDropped(this.rooms.record, request);
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }

  private spoiled(fault: Fault, reply: FastifyReply): Reply {
    const code = numberOf(fault, 'code', 500);
    if (typeof fault.params.retryAfter === 'number') void reply.header('Retry-After', String(fault.params.retryAfter));
    if (fault.params.body === undefined) return this.problem(code, `A fault was asked for: ${code}`);
    if (typeof fault.params.body === 'string') void reply.type('text/html');
    return { code, body: fault.params.body };
  }
}

/** A fault that names no place is for the submit. */
function isFor(place: string): (fault: Fault) => boolean {
  return (fault) => (fault.params.on ?? 'submit') === place;
}

function send(reply: FastifyReply, { code, body, headers = {} }: Reply): FastifyReply {
  return reply.code(code).headers(headers).send(body);
}
