import { Injectable } from '@nestjs/common';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { outsideUrlFault } from '../../kernel/http/outside-url.js';
import { invalidField } from '../../kernel/http/problem.js';
import type { NewJob } from '../../kernel/jobs/job-intake.js';
import { AudioRequest } from './audio-request.dto.js';
import { isMedia } from './diarization.rules.js';
import type { SpeakerKind } from './speaker-kind.js';
import { setOptions } from './speaker-options.js';
import { UploadedAudio } from './uploaded-audio.js';

/** Turns a valid request for a job with audio in it into the job that is kept. */
@Injectable()
export class AudioOrders {
  constructor(
    private readonly env: HttpEnv,
    private readonly audio: UploadedAudio,
  ) {}

  /** @throws a 400 for an address that the vendor could not, or must not, fetch, and for a file that it would not take */
  async newJob(teamId: string, kind: SpeakerKind, request: AudioRequest): Promise<NewJob> {
    const { url, file } = request;
    const fault = url == null || isMedia(url) ? null : outsideUrlFault(url, this.env.FETCH_ALLOW_CIDRS);
    if (fault !== null) throw invalidField('url', fault);
    return {
      kind: kind.kind,
      input: { ...setOptions(kind.options, { ...request }), ...(file == null ? {} : { file }) },
      labels: request.labels ?? {},
      webhook: request.webhook ?? true,
      ...(request.notifyUrl == null ? {} : { notifyUrl: request.notifyUrl }),
      ...(file == null ? {} : { provided: await this.audio.claim(teamId, file, kind.audio) }),
    };
  }
}
