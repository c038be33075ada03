import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { KernelMetrics } from '../../kernel/observability/kernel-metrics.js';
import type { PhotoPoolEvent } from './pipeline/photo-pool.js';

/** `read`: fields came of it; `no_receipt`: it shows something else; `refused`: no photo that we take; `failed`: ours. */
export type PhotoEnd = 'read' | 'no_receipt' | 'refused' | 'failed';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60];

/** Labels from closed sets only. */
@Injectable()
export class PhotosMetrics {
  private readonly photos: Counter<'outcome'>;
  private readonly stages: Histogram<'stage'>;
  private readonly events: Counter<'event'>;
  private readonly load: Gauge<'state'>;

  constructor({ registry }: KernelMetrics) {
    const registers = [registry];
    this.photos = new Counter({
      name: 'signalbox_photos_total',
      help: 'Photos of receipts that are through, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.stages = new Histogram({
      name: 'signalbox_photo_stage_duration_seconds',
      help: 'What a photo took, by stage; `thread` is the wait for a thread',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    });
    this.events = new Counter({
      name: 'signalbox_photo_pool_events_total',
      help: 'Threads lost to a photo (crashed, timed_out), and all of them replaced for their memory (replaced)',
      labelNames: ['event'],
      registers,
    });
    this.load = new Gauge({
      name: 'signalbox_photo_pool',
      help: 'Threads there may be, photos in them, photos that wait for one',
      labelNames: ['state'],
      registers,
    });
  }

  ended(outcome: PhotoEnd): void {
    this.photos.inc({ outcome });
  }

  stage(stage: string, ms: number): void {
    this.stages.observe({ stage }, ms / 1_000);
  }

  poolEvent(event: PhotoPoolEvent): void {
    this.events.inc({ event });
  }

  poolLoad(load: { threads: number; running: number; waiting: number }): void {
    for (const [state, value] of Object.entries(load)) this.load.set({ state }, value);
  }
}
