import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { SeenRequest } from '../observability/request-log.js';
import type { Scope } from './scopes.js';

/** Who is calling, found out by the guard. */
export interface Caller {
  keyId: string;
  keyName: string;
  teamId: string;
  teamName: string;
  scopes: readonly Scope[];
}

export type CallerRequest = SeenRequest & { caller?: Caller };

/** `operate` and `admin` see every team's rows. */
export function seesAllTeams(caller: Caller): boolean {
  return caller.scopes.includes('operate') || caller.scopes.includes('admin');
}

/** Whether a row of that team is there for the caller. */
export function sees(caller: Caller, teamId: string): boolean {
  return teamId === caller.teamId || seesAllTeams(caller);
}

/** The caller in a handler's parameters. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CallerRequest>();
  if (!caller) throw new Error('a handler asked for the caller on a route without a scope');
  return caller;
});
