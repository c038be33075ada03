import { Injectable } from '@nestjs/common';
import type { NewJob } from '../../kernel/jobs/job-intake.js';
import { AudioOrders } from './audio.orders.js';
import { IdentificationRequest } from './identification.dto.js';
import { identification } from './identification.kind.js';
import { KnownSpeakers } from './known-speakers.js';

/** Turns a valid request into the job that is kept. */
@Injectable()
export class IdentificationOrders {
  constructor(
    private readonly audio: AudioOrders,
    private readonly speakers: KnownSpeakers,
  ) {}

  /**
   * The prints of the library are looked up when the job is made, so that a repeat under the same idempotency key is the
   * same job whatever became of them. @throws a 400, see `AudioOrders`; the lookup one that names each wrong person
   */
  async newJob(teamId: string, request: IdentificationRequest): Promise<NewJob> {
    const job = await this.audio.newJob(teamId, identification, request);
    return {
      ...job,
      lookedUp: async (tx) => ({ voiceprints: await this.speakers.resolve(tx, teamId, request.voiceprints) }),
    };
  }
}
