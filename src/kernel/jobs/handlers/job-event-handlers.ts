import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { SECOND } from '../../config/pace.js';
import { isMeant } from '../../notifications/event-pattern.js';
import { handlerPatternFault } from './event-pattern.js';
import { markOf } from './on-job-event.js';
import type { JobEventHandler, Marked } from './on-job-event.js';

const NAME = /^[A-Za-z0-9_.$-]{1,100}$/;
const USUAL_TIMEOUT = 60;

export interface Registered {
  name: string;
  patterns: readonly string[];
  timeoutMs: number;
  call: JobEventHandler;
}

/** All methods of this process that are marked with `@OnJobEvent`. What is wrong with them is wrong at boot. */
@Injectable()
export class JobEventHandlers implements OnModuleInit {
  private readonly handlers = new Map<string, Registered>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const seen = new Set<object>();
    for (const wrapper of this.discovery.getProviders()) {
      const instance: unknown = wrapper.instance;
      if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
      // The same object may be known under several tokens.
      seen.add(instance);
      this.scan(instance, wrapper.isDependencyTreeStatic());
    }
  }

  /** @throws for a name that is taken or unfit, a pattern by which nothing is meant, a time-out that is none */
  register(handler: Registered): void {
    const { name, patterns, timeoutMs } = handler;
    if (!NAME.test(name)) throw new Error(`${name} is no name for a handler: letters, digits and _ . $ - up to 100`);
    if (this.handlers.has(name)) throw new Error(`the handler ${name} is there twice; give one of them another name`);
    const fault = patterns.map(handlerPatternFault).find((found) => found !== null);
    if (fault) throw new Error(`the handler ${name}: ${fault}`);
    if (!(timeoutMs > 0)) throw new Error(`the handler ${name}: its time-out must be above 0 s`);
    this.handlers.set(name, handler);
  }

  all(): readonly Registered[] {
    return [...this.handlers.values()];
  }

  /** Those by whose patterns an event is meant. */
  of(event: string): readonly Registered[] {
    return this.all().filter(({ patterns }) => patterns.some((pattern) => isMeant(pattern, event)));
  }

  private scan(instance: object, isSingle: boolean): void {
    const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
    if (!prototype || prototype === Object.prototype) return;
    for (const method of this.scanner.getAllMethodNames(prototype)) {
      const mark = markOf(prototype[method]);
      if (!mark) continue;
      const place = `${instance.constructor.name}.${method}`;
      if (!isSingle) throw new Error(`${place} handles job events, which only a provider of the default scope can`);
      this.register(registered(place, mark, instance as Record<string, JobEventHandler>, method));
    }
  }
}

function registered(
  place: string,
  { patterns, options }: Marked,
  owner: Record<string, JobEventHandler>,
  method: string,
): Registered {
  const { name = place, timeout = USUAL_TIMEOUT } = options;
  return { name, patterns, timeoutMs: timeout * SECOND, call: (job, event) => owner[method]?.(job, event) };
}
