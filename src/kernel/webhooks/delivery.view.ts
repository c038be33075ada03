import { ApiProperty } from '@nestjs/swagger';
import type { Delivery } from './delivery.entity.js';
import { OUTCOMES } from './delivery.entity.js';
import type { DeliveryReplay } from './delivery-replay.entity.js';
import type { Refusal } from './refusal.entity.js';
import { ReplayView, replayViews } from './replay.view.js';

export class ReceiptView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-8d2f-7c4b-8c1f-6e1d3a7a9b22' })
  deliveryId: string;

  @ApiProperty({ description: 'True when the same notice was kept before' })
  duplicate: boolean;
}

export class DeliverySummaryView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-8d2f-7c4b-8c1f-6e1d3a7a9b22' })
  id: string;

  @ApiProperty({ format: 'date-time' })
  receivedAt: string;

  @ApiProperty({ example: 'pyannote' })
  source: string;

  @ApiProperty({ example: 'verified' })
  verdict: string;

  @ApiProperty({ enum: ['pending', 'waiting', ...OUTCOMES], description: 'What became of it' })
  outcome: string;

  @ApiProperty({ type: String, nullable: true, description: 'Why it waits, or why it ended as it did' })
  detail: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  jobId: string | null;
}

export class DeliveryView extends DeliverySummaryView {
  @ApiProperty({ description: 'The vendor’s own id of the notice, or the body’s SHA-256' })
  vendorDeliveryId: string;

  @ApiProperty({ type: [String], description: 'Vendor ids that it is about' })
  refs: string[];

  @ApiProperty({ example: '203.0.113.7' })
  address: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As they came; secrets as SHA-256' })
  headers: Record<string, string | string[]>;

  @ApiProperty({ description: 'The exact bytes, base64' })
  bodyBase64: string;

  @ApiProperty({ type: String, nullable: true, description: 'The same as text; null when it is not UTF-8' })
  bodyText: string | null;

  @ApiProperty({ description: 'How often it was worked on' })
  attempts: number;

  @ApiProperty({ description: 'How often it came after the first time' })
  repeats: number;

  @ApiProperty({ type: String, nullable: true, description: 'The vendor’s own count of the last repeat' })
  lastRetryNumber: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the vendor sent it again' })
  lastRetryReason: string | null;

  @ApiProperty({ type: [ReplayView], description: 'How often somebody had it worked on again, oldest first' })
  replays: ReplayView[];
}

export class RefusalView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ example: 'pyannote' })
  source: string;

  @ApiProperty({ example: 'wrong_signature' })
  reason: string;

  @ApiProperty({ example: '203.0.113.7' })
  address: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  headers: Record<string, string | string[]>;

  @ApiProperty({ description: 'The beginning of the body (8 KB at most), base64' })
  bodyBase64: string;

  @ApiProperty({ description: 'Bytes of the whole body' })
  bodyLength: number;
}

export interface Ledger {
  times: number;
  lastRetryNumber: string | null;
  lastRetryReason: string | null;
}

export function deliverySummary(delivery: Delivery): DeliverySummaryView {
  const { id, source, verdict, detail, jobId } = delivery;
  const outcome = delivery.outcome ?? (detail === null ? 'pending' : 'waiting');
  return { id, receivedAt: delivery.receivedAt.toISOString(), source, verdict, outcome, detail, jobId };
}

export function deliveryView(
  delivery: Delivery,
  ledger: Ledger | undefined,
  replays: readonly DeliveryReplay[] = [],
): DeliveryView {
  const summary = deliverySummary(delivery);
  return {
    ...summary,
    vendorDeliveryId: delivery.deliveryId,
    refs: delivery.refs,
    address: delivery.address,
    headers: delivery.headers,
    bodyBase64: delivery.body.toString('base64'),
    bodyText: asText(delivery.body),
    attempts: delivery.attempt,
    repeats: (ledger?.times ?? 1) - 1,
    lastRetryNumber: ledger?.lastRetryNumber ?? null,
    lastRetryReason: ledger?.lastRetryReason ?? null,
    replays: replayViews(replays, summary.outcome),
  };
}

export function refusalView(refusal: Refusal): RefusalView {
  const { id, at, source, reason, address, headers, body, bodyLength } = refusal;
  return {
    id,
    at: at.toISOString(),
    source,
    reason,
    address,
    headers,
    bodyBase64: body.toString('base64'),
    bodyLength,
  };
}

function asText(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}
