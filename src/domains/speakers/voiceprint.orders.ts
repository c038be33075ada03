import { Injectable } from '@nestjs/common';
import type { NewJob } from '../../kernel/jobs/job-intake.js';
import { AudioOrders } from './audio.orders.js';
import { VoiceprintRequest } from './voiceprint.dto.js';
import { voiceprint } from './voiceprint.kind.js';

/** Turns a valid request into the job that is kept. */
@Injectable()
export class VoiceprintOrders {
  constructor(private readonly audio: AudioOrders) {}

  /** Label and opt-out are for ourselves, when the print has come. @throws a 400, see `AudioOrders` */
  async newJob(teamId: string, request: VoiceprintRequest): Promise<NewJob> {
    const job = await this.audio.newJob(teamId, voiceprint, request);
    const label = request.label == null ? {} : { label: request.label };
    return { ...job, input: { ...job.input, ...label, ...(request.library === false ? { library: false } : {}) } };
  }
}
