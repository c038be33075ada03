import { Injectable, SetMetadata, UseGuards, applyDecorators } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-docs.js';
import { missingScope, unauthorized } from '../http/problem.js';
import type { Caller, CallerRequest } from './caller.js';
import { KeysService } from './keys.service.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RefusedKeys } from './rate-limit.refused-keys.js';
import type { Scope } from './scopes.js';

const NEEDED_SCOPE = 'signalbox:scope';
const MISSING = 'send Authorization: Bearer sbx_… (signalbox keys create makes one)';
const UNKNOWN = 'this key is unknown, revoked or expired';

@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly keys: KeysService,
    private readonly reflector: Reflector,
    private readonly refused: RefusedKeys,
    private readonly rate: RateLimitGuard,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const caller = await this.callerOf(context, request.headers.authorization);
    request.caller = caller;
    request.seen = { ...request.seen, team: caller.teamName, key: caller.keyId };
    await this.rate.canActivate(context);
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(NEEDED_SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (scope && !caller.scopes.includes(scope)) throw missingScope(scope);
    return true;
  }

  private async callerOf(context: ExecutionContext, authorization = ''): Promise<Caller> {
    const key = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
    await this.refused.check(context, key);
    const caller = key === undefined ? null : await this.keys.callerOf(key);
    if (caller) return caller;
    throw await this.refused.refuse(context, unauthorized(key === undefined ? MISSING : UNKNOWN));
  }
}

/** A route that needs a key with this scope. */
export function NeedsScope(scope: Scope): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(NEEDED_SCOPE, scope),
    UseGuards(ApiKeyGuard),
    ApiBearerAuth('apiKey'),
    ApiProblems(401, 403, 429),
  );
}

/** A route that any valid key opens. */
export function NeedsKey(): MethodDecorator & ClassDecorator {
  return applyDecorators(UseGuards(ApiKeyGuard), ApiBearerAuth('apiKey'), ApiProblems(401, 429));
}
