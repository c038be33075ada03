import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { BatchKinds } from '../../kernel/jobs/batches/batch-kinds.js';
import { TrainingRequest } from './training.dto.js';
import { TrainingOrders } from './training.orders.js';

/** What differs from model to model, beside `url` and `file`. */
const OWN = ['files', 'captions', 'triggerWord'];

/** Many trainings in one request: nobody can wait while the images of a thousand are decoded, so they are before the submit. */
@Injectable()
export class TrainingBatches implements OnModuleInit {
  constructor(
    private readonly batches: BatchKinds,
    private readonly orders: TrainingOrders,
  ) {}

  onModuleInit(): void {
    const newJob = (team: string, wanted: TrainingRequest) => this.orders.newJob(team, wanted, 'names');
    this.batches.register('training', TrainingRequest, newJob, OWN);
  }
}
