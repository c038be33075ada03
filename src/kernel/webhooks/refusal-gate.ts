import { Injectable } from '@nestjs/common';
import { Problem } from '../http/problem.js';
import type { SeenRequest } from '../observability/request-log.js';
import { Callback } from '../jobs/callback.js';
import { Refusals } from './refusals.js';
import { SourceRegistry } from './source-registry.js';

/**
 * Before a body is read: an address whose notices were refused too often is turned away, unless its request carries
 * something that proves itself alone. So nobody else's bad notices can shut out ours.
 */
@Injectable()
export class RefusalGate {
  constructor(
    private readonly refusals: Refusals,
    private readonly sources: SourceRegistry,
    private readonly callback: Callback,
  ) {}

  /** @throws a 429 with `Retry-After` */
  check(request: SeenRequest): void {
    const { source: name } = request.params as { source?: string };
    const source = name === undefined ? undefined : this.sources.named(name);
    if (!source || !this.refusals.hasTooMany(source.name, request.ip)) return;
    if (this.callback.verify(source.provider, request.query as Record<string, unknown>)) return;
    if (source.provesItself?.(request.headers)) return;
    throw new Problem(
      429,
      'too_many_refusals',
      'too many notices of this address were refused; try again in a moment',
      { retryAfter: 10 },
    );
  }
}
