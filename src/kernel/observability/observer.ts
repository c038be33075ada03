import { Injectable } from '@nestjs/common';
import { AppLogger } from './app-logger.js';
import { withContextOfItsOwn } from './context.js';
import type { LogContext } from './context.js';
import { KernelMetrics } from './kernel-metrics.js';
import { UNIT_EVENTS } from './log-events.js';
import type { UnitName } from './log-events.js';

export interface Unit {
  unit: UnitName;
  /** Provider or source name; empty for work that is nobody's. */
  provider?: string;
  ids?: LogContext;
}

/** What a unit of work tells about itself when it is over: its outcome (a closed set) and details for the log line. */
export interface Seen {
  outcome: string;
  [detail: string]: unknown;
}

/** Logs one wide line and measures one duration per unit of work. Nest's interceptors do not wrap queue handlers; this does. */
@Injectable()
export class Observer {
  constructor(
    private readonly logger: AppLogger,
    private readonly metrics: KernelMetrics,
  ) {}

  async observe(unit: Unit, work: () => Promise<Seen>): Promise<Seen> {
    const start = performance.now();
    return withContextOfItsOwn({ unit: unit.unit, ...unit.ids }, async () => {
      try {
        const seen = await work();
        this.record(unit, seen, start);
        return seen;
      } catch (error) {
        this.record(unit, { outcome: 'error' }, start, error);
        throw error;
      }
    });
  }

  private record(unit: Unit, seen: Seen, start: number, error?: unknown): void {
    const seconds = (performance.now() - start) / 1_000;
    this.metrics.units.observe({ unit: unit.unit, provider: unit.provider ?? '', outcome: seen.outcome }, seconds);
    const line = { provider: unit.provider, ...seen, ms: Math.round(seconds * 1e4) / 10 };
    const event = UNIT_EVENTS[unit.unit];
    if (error) this.logger.wide(event, `${unit.unit} failed`, { ...line, error }, 'error');
    else this.logger.wide(event, unit.unit, line, seen.outcome === 'idle' ? 'trace' : 'info');
  }
}
