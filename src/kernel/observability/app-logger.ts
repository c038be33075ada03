import { Injectable } from '@nestjs/common';
import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { ServiceEnv } from '../config/service.env.js';
import { currentContext } from './context.js';
import type { LogContext } from './context.js';
import type { LogEvent } from './log-events.js';
import { REDACTED_PATHS } from './mask.js';

type Level = 'trace' | 'debug' | 'info' | 'error';

/** JSON lines by pino, each with the ids of the work under way. Nest's own messages come through here too. */
@Injectable()
export class AppLogger implements LoggerService {
  readonly pino: Logger;
  private readonly lines: Logger;

  constructor(env: ServiceEnv, destination?: DestinationStream) {
    const plain = {
      level: env.LOG_LEVEL,
      base: { service: 'signalbox' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level: string) => ({ level }) },
    };
    // Asynchronous: two synchronous lines cost an inbound request as much as its row in the database. Gathered, because a
    // write of its own costs more than the line; written every 50 ms and at the end of the process.
    const out = destination ?? pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush: 50 });
    this.lines = pino(plain, out);
    this.pino = pino(
      {
        ...plain,
        redact: { paths: REDACTED_PATHS, censor: '***' },
        // A copy: pino writes the details of the line into what it is given, and they would turn up on every later line.
        mixin: () => ({ ...currentContext() }),
        serializers: { error: pino.stdSerializers.err },
      },
      out,
    );
  }

  /**
   * The one line of a request. Its fields are ids and numbers, masked where they are made, so it is neither searched for
   * secrets (which copies it) nor joined with the context: an inbound notice would pay for both.
   */
  line(event: LogEvent, level: 'info' | 'error', message: string, fields: LogContext): void {
    this.lines[level]({ event, ...fields }, message);
  }

  /** One wide line: what happened, and everything about it. All of them are written here, but those of requests. */
  wide(event: LogEvent, message: string, details: object, level: Level = 'info'): void {
    this.pino[level]({ event, ...details }, message);
  }

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
