import { Injectable } from '@nestjs/common';
import { ServiceEnv } from '../../config/service.env.js';
import { within } from '../../queue/within.js';
import type { SendResult } from '../destination.js';
import { DestinationRegistry } from '../destination-registry.js';
import { EndpointSecrets } from '../endpoints/endpoint-secrets.js';
import type { TakenNotification } from './notification-rows.js';

/** A destination that does not keep to its own time-out is not waited for. */
const GRACE_MS = 1_000;

/** Something is missing on our side. */
export class CannotSend extends Error {}

/** One try: the secrets are read now, so that a rotation holds for what is waiting too. */
@Injectable()
export class Sender {
  constructor(
    private readonly destinations: DestinationRegistry,
    private readonly secrets: EndpointSecrets,
    private readonly env: ServiceEnv,
  ) {}

  /** @throws {CannotSend} or {CannotOpen} before anything is sent; whatever the destination throws */
  async send(
    taken: TakenNotification,
    event: NonNullable<TakenNotification['event']>,
    timeoutMs: number,
  ): Promise<SendResult> {
    const destination = this.destinations.named(taken.destination);
    if (!destination) throw new CannotSend(`this version knows no destination ${taken.destination} (any more)`);
    const missing = destination.missingKeys();
    if (missing.length > 0)
      throw new CannotSend(`${destination.name} needs ${missing.join(' and ')} in the environment`);
    const secrets = destination.signs
      ? await this.secrets.of({
          id: taken.endpointId,
          teamId: taken.teamId,
          unlisted: taken.unlisted,
          secrets: taken.secrets,
        })
      : [];
    if (destination.signs && secrets.length === 0) throw new CannotSend('there is no secret to sign with');
    const message = {
      id: taken.id,
      type: taken.type,
      url: taken.url,
      timestamp: event.at,
      data: event.data,
      attemptedAt: Math.floor(Date.now() / 1_000),
      secrets,
      link: this.linkOf(event.data),
      timeoutMs,
    };
    return within(timeoutMs + GRACE_MS, destination.send(message));
  }

  /** Where people can look it up: what the event is about says it in `links.self`. */
  private linkOf(data: Record<string, unknown>): string | null {
    if (this.env.PUBLIC_URL === '') return null;
    const links = Object.values(data).map((part) => (part as { links?: { self?: unknown } } | null)?.links?.self);
    const self = links.find((link) => typeof link === 'string');
    return self === undefined ? null : new URL(self, this.env.PUBLIC_URL).href;
  }
}
