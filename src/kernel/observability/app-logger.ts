import { Injectable } from '@nestjs/common';
import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { ServiceEnv } from '../config/service.env.js';
import { currentContext } from './context.js';
import { REDACTED_PATHS } from './mask.js';

/** JSON lines by pino, each with the ids of the work under way. Nest's own messages come through here too. */
@Injectable()
export class AppLogger implements LoggerService {
  readonly pino: Logger;

  constructor(env: ServiceEnv, destination?: DestinationStream) {
    this.pino = pino(
      {
        level: env.LOG_LEVEL,
        base: { service: 'signalbox' },
        redact: { paths: REDACTED_PATHS, censor: '***' },
        // A copy: pino writes the details of the line into what it is given, and they would turn up on every later line.
        mixin: () => ({ ...currentContext() }),
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
        serializers: { error: pino.stdSerializers.err },
      },
      // Asynchronous: two synchronous lines cost an inbound request as much as its row in the database.
      destination ?? pino.destination({ dest: 1, sync: false, minLength: 0 }),
    );
  }

  /** One wide line: what happened, and everything about it. */
  info(message: string, details: object = {}): void {
    this.pino.info(details, message);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.pino.debug({ nest: rest.at(-1) }, String(message));
  }

  warn(message: unknown, details?: unknown): void {
    this.pino.warn(asDetails(details), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.pino.error(asDetails(rest[0]), String(message));
  }

  debug(message: unknown, details?: unknown): void {
    this.pino.debug(asDetails(details), String(message));
  }

  verbose(message: unknown, details?: unknown): void {
    this.pino.trace(asDetails(details), String(message));
  }

  fatal(message: unknown, details?: unknown): void {
    this.pino.fatal(asDetails(details), String(message));
  }

  flush(): Promise<void> {
    return new Promise((resolve) => this.pino.flush(() => resolve()));
  }
}

function asDetails(details: unknown): object {
  if (details instanceof Error) return { error: details };
  if (typeof details === 'object' && details !== null) return details;
  return details === undefined ? {} : { details };
}
