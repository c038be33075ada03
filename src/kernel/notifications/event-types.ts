import { Injectable } from '@nestjs/common';
import { isMeant, patternFault } from './event-pattern.js';

/** An event type that endpoints may hear of. */
export interface EventType {
  type: string;
  /** One line, for lists and documents. */
  about: string;
}

const OWN: readonly EventType[] = [
  { type: 'endpoint.test', about: 'asked for, to see whether an endpoint is reached' },
  { type: 'endpoint.disabled', about: 'another endpoint of the team was disabled, because it could not be reached' },
];

/** Every type that is ever announced: those of endpoints are here, all others are added at start by who announces them. */
@Injectable()
export class EventTypes {
  private readonly types = new Map<string, EventType>(OWN.map((one) => [one.type, one]));

  add(types: readonly EventType[]): void {
    for (const one of types) this.types.set(one.type, one);
  }

  all(): readonly EventType[] {
    return [...this.types.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  has(type: string): boolean {
    return this.types.has(type);
  }

  /** Why nothing is ever announced that a pattern means; null when something is. */
  faultOf(pattern: string): string | null {
    const fault = patternFault(pattern);
    if (fault !== null) return fault;
    if (this.all().some(({ type }) => isMeant(pattern, type))) return null;
    const known = this.all().map(({ type }) => type);
    return `${pattern} is never announced; there is ${known.join(', ')}, and patterns such as *.failed`;
  }
}
