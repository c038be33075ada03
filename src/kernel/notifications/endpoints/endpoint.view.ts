import { ApiProperty } from '@nestjs/swagger';
import type { Destination } from '../destination.js';
import { oldSecretUntil } from './endpoint-secrets.js';
import type { Endpoint } from './endpoint.entity.js';

const TIME = { type: String, format: 'date-time', nullable: true } as const;

/** An endpoint as its team sees it. */
export class EndpointView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-9d3f-7d5c-8e2f-7f2e4b8b0c33' })
  id: string;

  @ApiProperty({ description: 'Which way', example: 'webhook' })
  destination: string;

  @ApiProperty({
    description: 'The address, without what only its owner may know',
    example: 'https://app.example.com/hooks/signalbox',
  })
  url: string;

  @ApiProperty({ example: 'the minutes’ server' })
  description: string;

  @ApiProperty({ type: [String], description: 'Event types and patterns of them', example: ['*'] })
  types: string[];

  @ApiProperty({ type: [String], description: 'Kinds of jobs; none: all' })
  kinds: string[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'Labels that a job must have' })
  labels: Record<string, string>;

  @ApiProperty({ description: 'Made for the `notifyUrl` of jobs: it hears of those alone, and stands in no list' })
  unlisted: boolean;

  @ApiProperty({ ...TIME, description: 'Until when an older secret signs beside the newest one' })
  oldSecretUntil: string | null;

  @ApiProperty({ ...TIME, description: 'Since when nothing is sent; null while it is enabled' })
  disabledAt: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'by hand' })
  disabledReason: string | null;

  @ApiProperty({ description: 'Attempts that failed since the last success' })
  failures: number;

  @ApiProperty(TIME)
  failingSince: string | null;

  @ApiProperty({ ...TIME, description: 'The last success' })
  succeededAt: string | null;

  @ApiProperty({ description: 'Notifications that are still to be delivered' })
  waiting: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { self: '/v1/endpoints/019a…' } })
  links: Record<string, string>;
}

const SECRET = {
  type: String,
  nullable: true,
  description: 'What it is signed with; shown this once. Null where the destination does not sign',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=',
} as const;

/** The one answer that has the secret in it. */
export class NewEndpointView extends EndpointView {
  @ApiProperty(SECRET)
  secret: string | null;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The address for everybody; of a destination that is not in this service (any more) nothing but its kind. */
export function shownUrl(destination: Destination | undefined, url: string): string {
  return destination?.shown(url) ?? '…';
}

export function endpointView(endpoint: Endpoint, url: string, waiting: number): EndpointView {
  const self = `/v1/endpoints/${endpoint.id}`;
  const { id, destination, description, types, kinds, labels, unlisted, disabledReason, failures } = endpoint;
  return {
    ...{ id, destination, url, description, types, kinds, labels, unlisted },
    oldSecretUntil: oldSecretUntil(endpoint.secrets),
    disabledAt: iso(endpoint.disabledAt),
    disabledReason,
    failures,
    failingSince: iso(endpoint.failingSince),
    succeededAt: iso(endpoint.succeededAt),
    waiting,
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
    links: { self, test: `${self}/test` },
  };
}
