import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../../kernel/http/api-docs.js';
import { JobView } from '../../kernel/jobs/job.view.js';
import { DiarizationRequest } from './diarization.dto.js';
import { DiarizationResult } from './diarization.result.js';

const url = 'https://files.example.com/meeting.wav';

const EXAMPLES = {
  least: { summary: 'Who speaks when', value: { url } },
  transcript: {
    summary: 'Two to four speakers, and what they say',
    value: { url, minSpeakers: 2, maxSpeakers: 4, transcription: true, labels: { meeting: 'weekly-2026-47' } },
  },
  upload: {
    summary: 'A file that was uploaded before',
    value: { file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' },
  },
  polling: { summary: 'Without a webhook of the vendor', value: { url, webhook: false } },
};

const HEADERS = {
  Location: { description: 'Where the job is: `/v1/jobs/{id}`', schema: { type: 'string' as const } },
  ETag: { description: 'Version of the job', schema: { type: 'string' as const } },
  'Idempotency-Replayed': { description: '`true`: the job of an earlier request', schema: { type: 'string' as const } },
};

/** Everything that the documentation says of `POST /v1/diarizations`. */
export function DocumentsDiarization(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(DiarizationResult),
    ApiOperation({
      summary: 'Find out who speaks when in an audio file',
      description:
        'The job’s `result`, once it is `succeeded`, is a `DiarizationResult`; `GET /v1/jobs/{id}/result` also gives it as `rttm`, `csv`, `svg` (a timeline), `stats` (JSON: talk time, turns, overlap and silence, in seconds) and, with a transcription, `vtt` and `txt`. Sent to the vendor once at most: if its answer gets lost, the job is `unconfirmed` and never sent again by itself. An option that is null counts as left out.',
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'Your own id of this request: sent again with the same body it gives the same job',
      required: false,
    }),
    ApiHeader({
      name: 'Prefer',
      description: '`wait=30` holds the answer until the job is settled, 60 s at most',
      required: false,
    }),
    ApiBody({ type: DiarizationRequest, examples: EXAMPLES }),
    ApiAcceptedResponse({ description: 'Accepted, or not settled within the wait', type: JobView, headers: HEADERS }),
    ApiOkResponse({ description: 'Settled within the wait', type: JobView, headers: HEADERS }),
    ApiProblems(400, 409, 413, 422, 503),
  );
}
