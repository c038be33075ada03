import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { KernelMetrics } from '../../../kernel/observability/kernel-metrics.js';

@Injectable()
export class ModelMetrics {
  readonly copies: Counter<'outcome'>;
  readonly bytes: Counter;

  constructor({ registry }: KernelMetrics) {
    const registers = [registry];
    this.copies = new Counter({
      name: 'signalbox_model_copies_total',
      help: 'Tries to copy a file of a model to our storage, by outcome: ready, later, failed',
      labelNames: ['outcome'],
      registers,
    });
    this.bytes = new Counter({
      name: 'signalbox_model_copied_bytes_total',
      help: 'Bytes of models that were copied to our storage',
      registers,
    });
  }
}
