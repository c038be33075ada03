import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const FAST = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** What vendors take: seconds to a day. */
const SLOW = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];

/** All metrics of the kernel. Labels only from closed sets: route templates, providers, kinds, outcomes, reasons. */
@Injectable()
export class KernelMetrics {
  readonly registry = new Registry();

  readonly httpRequests = this.histogram('signalbox_http_request_duration_seconds', 'Requests answered by us', [
    'method',
    'route',
    'status',
  ]);
  readonly rateLimited = this.counter(
    'signalbox_rate_limited_total',
    'Requests to the API answered 429, by what they were counted under: key or address',
    ['by'],
  );
  readonly units = this.histogram('signalbox_unit_duration_seconds', 'Units of background work', [
    'unit',
    'provider',
    'outcome',
  ]);
  readonly vendorRequests = this.histogram('signalbox_vendor_request_duration_seconds', 'Requests sent to vendors', [
    'provider',
    'operation',
    'outcome',
  ]);

  readonly deliveriesReceived = this.counter(
    'signalbox_deliveries_received_total',
    'Verified notices acked, by new or repeat',
    ['source', 'novelty'],
  );
  readonly deliveriesProcessed = this.counter('signalbox_deliveries_processed_total', 'Notices processed, by outcome', [
    'source',
    'outcome',
  ]);
  readonly replays = this.counter('signalbox_replays_total', 'Notices that somebody had worked on again', ['source']);
  readonly vendorRetries = this.counter(
    'signalbox_vendor_retries_total',
    'Notices that a vendor sent again, by its reason',
    ['source', 'reason'],
  );
  readonly verificationsFailed = this.counter('signalbox_verifications_failed_total', 'Notices refused, by reason', [
    'source',
    'reason',
  ]);
  readonly noticeDelay = this.histogram(
    'signalbox_notice_delay_seconds',
    'From the vendor’s own clock to our ack; new notices, where the vendor says when it sent them',
    ['source'],
    SLOW,
  );
  readonly ingestGroup = this.histogram(
    'signalbox_ingest_group_rows',
    'Rows written by one inbox statement',
    [],
    [1, 2, 4, 8, 16, 32, 64, 128, 256],
  );

  readonly jobsCreated = this.counter('signalbox_jobs_created_total', 'Jobs accepted', ['kind']);
  readonly jobsSettled = this.counter(
    'signalbox_jobs_settled_total',
    'Jobs settled, by status and by what settled them',
    ['kind', 'status', 'by'],
  );
  readonly jobDuration = this.histogram(
    'signalbox_job_duration_seconds',
    'From the request for a job until it settled',
    ['kind', 'status'],
    SLOW,
  );
  readonly requestsPerJob = this.histogram(
    'signalbox_vendor_requests_per_job',
    'Submits and checks that a job took until it settled; outputs fetched for a notice are not among them',
    ['kind'],
    [1, 2, 3, 5, 10, 20, 50, 100, 200],
  );
  readonly repairs = this.counter('signalbox_repairs_total', 'Jobs settled by asking although a notice was expected', [
    'kind',
  ]);
  readonly lateSettles = this.counter('signalbox_jobs_settled_late_total', 'Jobs settled after they had expired', [
    'kind',
  ]);
  readonly externalIdConflicts = this.counter(
    'signalbox_external_id_conflicts_total',
    'A second vendor id for one job',
    ['provider'],
  );
  readonly submits = this.counter('signalbox_submits_total', 'Submit attempts, by outcome', ['provider', 'outcome']);
  readonly leasesLapsed = this.counter('signalbox_leases_lapsed_total', 'Work taken over from a worker that vanished', [
    'provider',
  ]);
  readonly queueDue = this.gauge('signalbox_queue_due', 'Rows due for work, seen by the last sweep', ['queue']);
  readonly queueOldest = this.gauge(
    'signalbox_queue_oldest_seconds',
    'How long the oldest due row waits for work, seen by the last sweep; 0 when none does',
    ['queue'],
  );
  readonly providerHeld = this.gauge('signalbox_provider_held', '1 while a provider’s submits are held', ['provider']);
  readonly limitRefusals = this.counter(
    'signalbox_limit_refusals_total',
    'Requests refused because their team is at one of its limits',
    ['limit'],
  );

  readonly notificationAttempts = this.histogram(
    'signalbox_notification_attempt_duration_seconds',
    'Tries to tell an endpoint, by what came of them',
    ['destination', 'outcome'],
  );
  readonly notificationsSettled = this.counter('signalbox_notifications_settled_total', 'Notifications, by their end', [
    'destination',
    'state',
  ]);
  readonly notificationDelay = this.histogram(
    'signalbox_notification_delay_seconds',
    'From the event until an endpoint took the notification',
    ['destination'],
    SLOW,
  );
  readonly endpointsDisabled = this.counter('signalbox_endpoints_disabled_total', 'Endpoints disabled by us', [
    'reason',
  ]);

  readonly streamsOpen = this.gauge('signalbox_streams_open', 'Streams that are open in this process', []);
  readonly streamLag = this.gauge(
    'signalbox_stream_lag_seconds',
    'How old the events are that the stream shows or still holds back; 0 while nobody reads',
    [],
  );
  readonly streamsCut = this.counter('signalbox_stream_cut_total', 'Streams ended by us, by reason', ['reason']);

  readonly storageUp = this.gauge('signalbox_storage_up', '1 while S3 answers; absent where files lie on disk', []);
  readonly storageFailures = this.counter(
    'signalbox_storage_failures_total',
    'Requests to S3 that failed for good, by operation',
    ['operation'],
  );

  readonly redisUp = this.gauge('signalbox_redis_up', '1 while Redis answers; absent where none is used', []);
  readonly bellsDropped = this.counter(
    'signalbox_bells_dropped_total',
    'Bells that Redis could not carry and this process does not answer; the sweep rings again',
    [],
  );

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private histogram<L extends string>(name: string, help: string, labelNames: L[], buckets = FAST): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}
