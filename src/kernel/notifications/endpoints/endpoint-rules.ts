import { Injectable } from '@nestjs/common';
import { invalidField, invalidRequest, providerNotConfigured } from '../../http/problem.js';
import type { FieldError } from '../../http/problem.js';
import { DestinationRegistry } from '../destination-registry.js';
import type { Destination } from '../destination.js';
import { EventTypes } from '../event-types.js';

const SUCCEEDED = '.succeeded';

/** What an endpoint is asked to be, as far as it has to be judged. */
export interface Wish {
  url?: string;
  types?: readonly string[];
  kinds?: readonly string[];
}

/** What makes sense as an endpoint: only this process knows its destinations, event types and kinds. */
@Injectable()
export class EndpointRules {
  constructor(
    private readonly destinations: DestinationRegistry,
    private readonly types: EventTypes,
  ) {}

  /** @throws a 400 naming the known ones, a 503 naming the environment variables that it misses */
  destination(name: string): Destination {
    const found = this.destinations.named(name);
    if (!found) throw invalidField('destination', `must be one of ${this.names().join(', ')}`);
    const missing = found.missingKeys();
    if (missing.length > 0) throw providerNotConfigured(name, missing);
    return found;
  }

  /** An address is judged by its destination. @throws a 400 that names everything that is wrong */
  check(wish: Wish, destination: Destination | null): void {
    const errors = [
      ...(wish.url == null ? [] : faults('url', destination?.fault(wish.url) ?? null)),
      ...(wish.types ?? []).flatMap((pattern, i) => faults(`types[${i}]`, this.types.faultOf(pattern))),
      ...(wish.kinds ?? []).flatMap((kind, i) => faults(`kinds[${i}]`, this.kindFault(kind))),
    ];
    if (errors.length > 0) throw invalidRequest(errors);
  }

  private kindFault(kind: string): string | null {
    const kinds = this.types
      .all()
      .flatMap(({ type }) => (type.endsWith(SUCCEEDED) ? type.slice(0, -SUCCEEDED.length) : []));
    return kinds.includes(kind) ? null : `must be one of ${kinds.join(', ')}`;
  }

  private names(): string[] {
    return this.destinations.all().map(({ name }) => name);
  }
}

function faults(field: string, fault: string | null): FieldError[] {
  return fault === null ? [] : [{ field, detail: fault }];
}
