import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Pace } from '../config/pace.js';
import { ServiceEnv } from '../config/service.env.js';
import { Problem } from '../http/problem.js';
import { KernelMetrics } from '../observability/kernel-metrics.js';
import { ApiKeyGuard, NeedsScope } from './api-key.guard.js';
import type { Caller } from './caller.js';
import type { KeysService } from './keys.service.js';
import { WindowCounter } from './rate-limit.counter.js';
import { RateLimitEnv } from './rate-limit.env.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RefusedKeys } from './rate-limit.refused-keys.js';
import { UsableKeys } from './rate-limit.usable-keys.js';
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

const LIMIT = 2;
let guard: ApiKeyGuard;
let asked: string[];
let scopesOfTheKey: Scope[];
let metrics: KernelMetrics;

beforeEach(async () => {
  asked = [];
  metrics = new KernelMetrics();
  const keys: Pick<KeysService, 'callerOf'> = {
    callerOf: (key) => {
      asked.push(key);
      return Promise.resolve(key === KEY ? holder(...scopesOfTheKey) : null);
    },
  };
  const counter = new WindowCounter();
  const env = Object.assign(new RateLimitEnv(), { RATE_LIMIT_REFUSALS: LIMIT });
  const usable: Pick<UsableKeys, 'has'> = { has: (key) => Promise.resolve(key === KEY) };
  const refused = new RefusedKeys(counter, usable as UsableKeys, metrics, env, new Pace(new ServiceEnv()));
  const reflector = new Reflector();
  const rate = new RateLimitGuard([{ limit: LIMIT, ttl: 60_000 }], counter, reflector, metrics);
  await rate.onModuleInit();
  guard = new ApiKeyGuard(keys as KeysService, reflector, refused, rate);
});

/** What the guard says to a request, and what it leaves on it. */
function knock({ authorization, scopes = ['jobs:read'], route }: Asked) {
  scopesOfTheKey = scopes;
  const request = { headers: { authorization }, seen: { requestId: 'r' }, ip: '203.0.113.7' } as {
    headers: object;
    seen: object;
    caller?: Caller;
  };
  const headers: Record<string, string> = {};
  const reply = { headers: (more: Record<string, string>) => Object.assign(headers, more) };
  const at = route ?? { of: Routes, handler: Routes.prototype.read };
  const context = {
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => reply }),
    getHandler: () => at.handler,
    getClass: () => at.of,
  } as unknown as ExecutionContext;
  return { request, headers, answer: guard.canActivate(context) };
}

async function problemOf(asked: Asked): Promise<Problem> {
  const error: unknown = await knock(asked).answer.catch((thrown: unknown) => thrown);
  if (error instanceof Problem) return error;
  throw new Error(`no problem, but ${String(error)}`);
}

const counted = async (by: string) =>
  (await metrics.rateLimited.get()).values.find(({ labels }) => labels.by === by)?.value ?? 0;

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

  it('may ask so often and no more, whatever it is refused for in between', async () => {
    const first = knock({ authorization: `Bearer ${KEY}` });
    await first.answer;
    expect(first.headers).toEqual({
      'RateLimit-Policy': '"default";q=2;w=60',
      RateLimit: '"default";r=1;t=60',
    });
    const route = { of: Routes, handler: Routes.prototype.operate };
    expect((await problemOf({ authorization: `Bearer ${KEY}`, route })).getStatus()).toBe(403);
    const third = await problemOf({ authorization: `Bearer ${KEY}`, route });
    expect([third.getStatus(), third.code, third.extras.retryAfter]).toEqual([429, 'rate_limited', 60]);
    expect([await counted('key'), await counted('address')]).toEqual([1, 0]);
  });

  it('is not even looked for where its address had too many refused, unless it is a good one', async () => {
    expect((await problemOf({})).getStatus()).toBe(401);
    expect((await problemOf({ authorization: 'Bearer sbx_bad' })).getStatus()).toBe(401);
    const third = knock({ authorization: 'Bearer sbx_bad' });
    await expect(third.answer).rejects.toMatchObject({ code: 'rate_limited', extras: { retryAfter: 60 } });
    expect(third.headers.RateLimit).toBe('"refused-keys";r=0;t=60');
    expect((await problemOf({})).getStatus()).toBe(429);
    expect(asked).toEqual(['sbx_bad']);
    expect([await counted('key'), await counted('address')]).toEqual([0, 2]);
    expect(await knock({ authorization: `Bearer ${KEY}` }).answer).toBe(true);
  });
});
