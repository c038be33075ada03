import { Injectable } from '@nestjs/common';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { outsideUrlFault } from '../../kernel/http/outside-url.js';
import { invalidField } from '../../kernel/http/problem.js';
import type { NewJob } from '../../kernel/jobs/job-intake.js';
import { DiarizationRequest } from './diarization.dto.js';
import { setOptions } from './diarization.kind.js';
import { isMedia } from './diarization.rules.js';

/** Turns a valid request into the job that is kept. */
@Injectable()
export class DiarizationOrders {
  constructor(private readonly env: HttpEnv) {}

  /** @throws a 400 for an address that the vendor could not, or must not, fetch */
  newJob(request: DiarizationRequest): NewJob {
    const fault = isMedia(request.url) ? null : outsideUrlFault(request.url, this.env.FETCH_ALLOW_CIDRS);
    if (fault !== null) throw invalidField('url', fault);
    return {
      kind: 'diarization',
      input: setOptions({ ...request }),
      labels: request.labels ?? {},
      webhook: request.webhook ?? true,
    };
  }
}
