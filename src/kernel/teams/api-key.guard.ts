import { Injectable, SetMetadata, UseGuards, applyDecorators } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-docs.js';
import { missingScope, unauthorized } from '../http/problem.js';
import type { CallerRequest } from './caller.js';
import { KeysService } from './keys.service.js';
import type { Scope } from './scopes.js';

const NEEDED_SCOPE = 'signalbox:scope';

@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly keys: KeysService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CallerRequest>();
    const match = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '');
    if (!match?.[1]) throw unauthorized('send Authorization: Bearer sbx_… (signalbox keys create makes one)');
    const caller = await this.keys.callerOf(match[1]);
    if (!caller) throw unauthorized('this key is unknown, revoked or expired');
    request.caller = caller;
    request.seen = { ...request.seen, team: caller.teamName, key: caller.keyId };
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(NEEDED_SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (scope && !caller.scopes.includes(scope)) throw missingScope(scope);
    return true;
  }
}

/** A route that needs a key with this scope. */
export function NeedsScope(scope: Scope): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(NEEDED_SCOPE, scope),
    UseGuards(ApiKeyGuard),
    ApiBearerAuth('apiKey'),
    ApiProblems(401, 403),
  );
}

/** A route that any valid key opens. */
export function NeedsKey(): MethodDecorator & ClassDecorator {
  return applyDecorators(UseGuards(ApiKeyGuard), ApiBearerAuth('apiKey'), ApiProblems(401));
}
