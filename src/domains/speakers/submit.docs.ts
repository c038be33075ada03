import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../../kernel/http/api-docs.js';
import { JobView } from '../../kernel/jobs/job.view.js';

const HEADERS = {
  Location: { description: 'Where the job is: `/v1/jobs/{id}`', schema: { type: 'string' as const } },
  ETag: { description: 'Version of the job', schema: { type: 'string' as const } },
  'Idempotency-Replayed': { description: '`true`: the job of an earlier request', schema: { type: 'string' as const } },
};

const ONCE =
  'Sent to the vendor once at most: if its answer gets lost, the job is `unconfirmed` and never sent again by itself. An option that is null counts as left out.';

/** For kinds that offer `SPEAKER_FORMATS`. */
export const FORMS =
  '`GET /v1/jobs/{id}/result` also gives it as `rttm`, `csv`, `svg` (a timeline), `stats` (JSON: talk time, turns, overlap and silence, in seconds) and, with a transcription, as `vtt` and `txt`.';

type Class = new () => object;

/** What differs between the routes that make a job of this domain. */
export interface SubmitDocs {
  summary: string;
  /** What comes of it, and how much audio it takes. */
  description: string;
  request: Class;
  result: Class;
  examples: Record<string, { summary: string; value: object }>;
}

/** Everything that the documentation says of a route that makes a job. */
export function DocumentsSubmit({ summary, description, request, result, examples }: SubmitDocs): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(result),
    ApiOperation({
      summary,
      description: `The job’s \`result\`, once it is \`succeeded\`, is a \`${result.name}\`. ${description} ${ONCE}`,
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
    ApiBody({ type: request, examples }),
    ApiAcceptedResponse({ description: 'Accepted, or not settled within the wait', type: JobView, headers: HEADERS }),
    ApiOkResponse({ description: 'Settled within the wait', type: JobView, headers: HEADERS }),
    ApiProblems(400, 402, 409, 413, 422, 429, 503),
  );
}
