import { Injectable } from '@nestjs/common';
import type { NewJob } from '../../kernel/jobs/job-intake.js';
import { AudioOrders } from './audio.orders.js';
import { DiarizationRequest } from './diarization.dto.js';
import { diarization } from './diarization.kind.js';

/** Turns a valid request into the job that is kept. */
@Injectable()
export class DiarizationOrders {
  constructor(private readonly audio: AudioOrders) {}

  /** @throws a 400, see `AudioOrders` */
  newJob(teamId: string, request: DiarizationRequest): Promise<NewJob> {
    return this.audio.newJob(teamId, diarization, request);
  }
}
