import { AsyncResource } from 'node:async_hooks';
import type { ExecutionContext } from '@nestjs/common';
import { defer, lastValueFrom, of, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { currentContext } from './context.js';
import type { LogContext } from './context.js';
import type { RequestLog } from './request-log.js';
import { NO_CONTEXT, RequestInterceptor } from './request.interceptor.js';

/** The interceptor around a handler, and what it recorded. */
function around(handler: (reply: { statusCode: number }) => Observable<unknown>, config: object = {}) {
  const recorded: [string, number][] = [];
  const reply = { statusCode: 200 };
  const log = { record: (request: { id: string }, _: unknown, status: number) => recorded.push([request.id, status]) };
  const http = { getRequest: () => ({ id: 'req-7', routeOptions: { config } }), getResponse: () => reply };
  const context = { switchToHttp: () => http } as unknown as ExecutionContext;
  const interceptor = new RequestInterceptor(log as unknown as RequestLog);
  return { result: lastValueFrom(interceptor.intercept(context, { handle: () => handler(reply) })), recorded };
}

describe('a request', () => {
  it('lends its id to everything that its handler writes, however late that runs', async () => {
    let seen: LogContext = {};
    // This is how Nest puts a handler off: bound to where the interceptor asked for it.
    const handle = () => defer(AsyncResource.bind(() => of((seen = currentContext()))));
    await around(handle).result;
    expect(seen).toEqual({ requestId: 'req-7' });
    expect(currentContext()).toEqual({});
  });

  it('has no context of its own where the route wants none, and is recorded all the same', async () => {
    let seen: LogContext | undefined;
    const world = around(() => defer(() => of((seen = currentContext()))), NO_CONTEXT);
    await world.result;
    expect(seen).toEqual({});
    expect(world.recorded).toEqual([['req-7', 200]]);
  });

  it('is recorded when its handler is done, with the status that the handler chose', async () => {
    const world = around((reply) =>
      defer(() => {
        reply.statusCode = 202;
        return of('made');
      }),
    );
    expect(await world.result).toBe('made');
    expect(world.recorded).toEqual([['req-7', 202]]);
  });

  it('that fails is left to the filter, who knows what is answered', async () => {
    const world = around(() => throwError(() => new Error('away')));
    await expect(world.result).rejects.toThrow('away');
    expect(world.recorded).toEqual([]);
  });
});
