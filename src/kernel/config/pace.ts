import { Injectable } from '@nestjs/common';
import { ServiceEnv } from './service.env.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Real work takes real time, however fast the clock is made to run: the least that a lease or a time-out may last. */
const SHORTEST_PATIENCE = 2 * SECOND;

/** The one factor by which every interval is multiplied (`SIGNALBOX_TIME_FACTOR`, 1 outside the sandbox). */
@Injectable()
export class Pace {
  constructor(private readonly env: ServiceEnv) {}

  /** An interval that only passes: checks, back-off, deadlines, limiter windows, the sweep. Milliseconds in and out. */
  ms(interval: number): number {
    return interval * this.env.SIGNALBOX_TIME_FACTOR;
  }

  /** An interval in which work must get done: leases and time-outs. Milliseconds; never under 2 s unless asked for. */
  patience(interval: number): number {
    return Math.max(this.ms(interval), Math.min(interval, SHORTEST_PATIENCE));
  }
}
