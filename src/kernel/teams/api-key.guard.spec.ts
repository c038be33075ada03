import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '../http/problem.js';
import { ApiKeyGuard, NeedsScope } from './api-key.guard.js';
import type { Caller } from './caller.js';
import type { KeysService } from './keys.service.js';
import type { Scope } from './scopes.js';

class Routes {
  @NeedsScope('jobs:read')
  read(): void {}

  @NeedsScope('operate')
  operate(): void {}
}

@NeedsScope('admin')
class AdminRoutes {
  any(): void {}
}

const KEY = 'sbx_good';
const holder = (...scopes: Scope[]): Caller => ({ keyId: 'k', keyName: 'n', teamId: 't', teamName: 'red', scopes });

interface Asked {
  authorization?: string;
  scopes?: Scope[];
  route?: { of: object; handler: () => void };
}

/** What the guard says to a request, and what it leaves on it. */
function knock({ authorization, scopes = ['jobs:read'], route }: Asked) {
  const keys: Pick<KeysService, 'callerOf'> = {
    callerOf: (key) => Promise.resolve(key === KEY ? holder(...scopes) : null),
  };
  const request = { headers: { authorization }, seen: { requestId: 'r' } } as {
    headers: object;
    seen: object;
    caller?: Caller;
  };
  const at = route ?? { of: Routes, handler: Routes.prototype.read };
  const context = {
    switchToHttp: () => ({ getRequest: () => request }),
    getHandler: () => at.handler,
    getClass: () => at.of,
  } as unknown as ExecutionContext;
  return { request, answer: new ApiKeyGuard(keys as KeysService, new Reflector()).canActivate(context) };
}

async function problemOf(asked: Asked): Promise<Problem> {
  const error: unknown = await knock(asked).answer.catch((thrown: unknown) => thrown);
  if (error instanceof Problem) return error;
  throw new Error(`no problem, but ${String(error)}`);
}

describe('an API key', () => {
  it.each([`Bearer ${KEY}`, `bearer ${KEY}`, `BEARER   ${KEY} `])(
    'opens as Authorization: %s',
    async (authorization) => {
      const { request, answer } = knock({ authorization });
      expect(await answer).toBe(true);
      expect(request.caller).toEqual(holder('jobs:read'));
    },
  );

  it('leaves on the request whose it is, for its log line, and not the key', async () => {
    const { request, answer } = knock({ authorization: `Bearer ${KEY}` });
    await answer;
    expect(request.seen).toEqual({ requestId: 'r', team: 'red', key: 'k' });
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', `Basic ${KEY}`, KEY, `Bearer ${KEY} and more`, `Bearer${KEY}`])(
    'is missing in Authorization: %s',
    async (authorization) => {
      const problem = await problemOf({ authorization });
      expect(problem.getStatus()).toBe(401);
      expect(problem.extras.headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="signalbox"' });
    },
  );

  it('that is unknown, revoked or expired is refused without saying which', async () => {
    const problem = await problemOf({ authorization: 'Bearer sbx_bad' });
    expect([problem.getStatus(), problem.detail]).toEqual([401, 'this key is unknown, revoked or expired']);
  });

  it('without the scope of the route is 403, and told which', async () => {
    const route = { of: Routes, handler: Routes.prototype.operate };
    const problem = await problemOf({ authorization: `Bearer ${KEY}`, route });
    expect([problem.getStatus(), problem.code]).toEqual([403, 'missing_scope']);
    expect(problem.detail).toContain('the scope operate');
  });

  it('needs the scope of the whole controller where the route names none', async () => {
    const route = { of: AdminRoutes, handler: AdminRoutes.prototype.any };
    expect((await problemOf({ authorization: `Bearer ${KEY}`, route })).getStatus()).toBe(403);
    expect(await knock({ authorization: `Bearer ${KEY}`, route, scopes: ['admin'] }).answer).toBe(true);
  });
});
