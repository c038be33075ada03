import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { NOTIFICATION_STATES } from './notification.entity.js';
import type { Notification, NotificationState } from './notification.entity.js';
import type { NotificationAttempt } from './notification-attempt.entity.js';

/** One try to tell an endpoint. */
export class NotificationAttemptView {
  @ApiProperty({ example: 1 })
  number: number;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ type: Number, nullable: true, description: 'Of HTTP, or of SMTP; null where there was no answer' })
  status: number | null;

  @ApiProperty({ description: 'Milliseconds until the answer, or until it was given up' })
  latencyMs: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed' })
  error: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The first bytes of the answer' })
  answer: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it is tried again' })
  nextAt: string | null;
}

/** One event for one endpoint. */
export class NotificationView {
  @ApiProperty({ format: 'uuid', description: 'The `webhook-id`, the same on every attempt' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  endpoint: string;

  @ApiProperty({ example: 'diarization.succeeded' })
  type: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  job: string | null;

  @ApiProperty({ enum: NOTIFICATION_STATES, enumName: 'NotificationState' })
  status: NotificationState;

  @ApiProperty({ description: 'How often it was tried' })
  attempts: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  settledAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it is tried next' })
  nextAttemptAt: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Of the last answer' })
  lastStatus: number | null;

  @ApiProperty({ type: String, nullable: true })
  lastError: string | null;

  @ApiPropertyOptional({ type: [NotificationAttemptView], description: 'Every try; left out of lists' })
  tries?: NotificationAttemptView[];
}

export function notificationView(row: Notification): NotificationView {
  return {
    id: row.id,
    endpoint: row.endpointId,
    type: row.type,
    job: row.jobId,
    status: row.state,
    attempts: row.attempt,
    createdAt: row.createdAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
    nextAttemptAt: row.dueAt?.toISOString() ?? null,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
  };
}

export function attemptView(row: NotificationAttempt): NotificationAttemptView {
  const { number, status, latencyMs, error, answer } = row;
  const nextAt = row.nextAt?.toISOString() ?? null;
  return { number, at: row.at.toISOString(), status, latencyMs, error, answer, nextAt };
}
