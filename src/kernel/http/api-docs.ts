import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';

const REQUEST_ID = '9f2c41d07b-1a';

export class FieldErrorView {
  @ApiProperty({ description: 'Path of the field', example: 'minSpeakers' })
  field: string;

  @ApiProperty({ description: 'What is wrong with it', example: 'must not be greater than maxSpeakers' })
  detail: string;
}

/** RFC 9457. */
export class ProblemView {
  @ApiProperty({ example: 'urn:signalbox:problem:invalid_request' })
  type: string;

  @ApiProperty({ example: 'Bad Request' })
  title: string;

  @ApiProperty({ example: 400 })
  status: number;

  @ApiProperty({ description: 'Stable, for programs', example: 'invalid_request' })
  code: string;

  @ApiProperty({ description: 'For people', example: 'minSpeakers: must not be greater than maxSpeakers' })
  detail: string;

  @ApiProperty({
    description: 'Finds the request in the log; the X-Request-Id of the caller, where it sent one',
    example: REQUEST_ID,
  })
  requestId: string;

  @ApiPropertyOptional({ type: [FieldErrorView] })
  errors?: FieldErrorView[];
}

/** A problem as an example of itself. */
interface ProblemSample {
  title: string;
  code: string;
  detail: string;
}

const PROBLEMS = {
  400: {
    code: 'invalid_request',
    title: 'Bad Request',
    detail: 'url: has the scheme file:; only http and https are fetched',
  },
  401: { code: 'unauthorized', title: 'Unauthorized', detail: 'send Authorization: Bearer sbx_…' },
  402: {
    code: 'budget_exceeded',
    title: 'Payment Required',
    detail:
      'monthlyBudget: the team may spend 20.00 USD a month and has spent 19.50 USD; this request costs about 0.75 USD',
  },
  403: { code: 'missing_scope', title: 'Forbidden', detail: 'this key lacks the scope operate' },
  404: { code: 'job_not_found', title: 'Not Found', detail: 'there is no such job' },
  406: { code: 'not_acceptable', title: 'Not Acceptable', detail: 'ask with Accept for one of application/json, …' },
  409: { code: 'already_settled', title: 'Conflict', detail: 'the job is succeeded already' },
  410: {
    code: 'result_gone',
    title: 'Gone',
    detail: 'the file of this result was deleted, or is no longer on our disk',
  },
  413: { code: 'body_too_large', title: 'Payload Too Large', detail: 'Request body is too large' },
  422: {
    code: 'idempotency_key_reused',
    title: 'Unprocessable Entity',
    detail: 'this Idempotency-Key was used with another body; take a new key',
  },
  429: {
    code: 'rate_limited',
    title: 'Too Many Requests',
    detail: 'this key has made the 600 requests that it may make for now; try again in 12 s',
  },
  500: {
    code: 'internal_error',
    title: 'Internal Server Error',
    detail: 'something went wrong on our side; the request id finds it in the log',
  },
  503: {
    code: 'provider_not_configured',
    title: 'Service Unavailable',
    detail: 'pyannote needs PYANNOTEAI_API_KEY in the environment',
  },
} as const satisfies Record<number, ProblemSample>;

/** Documents the errors of a route, each with an example. */
export function ApiProblems(...statuses: (keyof typeof PROBLEMS)[]): MethodDecorator & ClassDecorator {
  return applyDecorators(...statuses.map((status) => ApiProblem(status, PROBLEMS[status])));
}

/** Documents an error of a route that has words of its own. */
export function ApiProblem(status: number, sample: ProblemSample): MethodDecorator & ClassDecorator {
  return ApiResponse({ status, ...shown(status, sample) });
}

/** How the documentation shows a problem. */
export const problemResponse = (status: keyof typeof PROBLEMS) => shown(status, PROBLEMS[status]);

function shown(status: number, { title, code, detail }: ProblemSample) {
  return {
    description: title,
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/ProblemView' },
        example: { type: `urn:signalbox:problem:${code}`, title, status, code, detail, requestId: REQUEST_ID },
      },
    },
  };
}

/** The schema of one page of a list. */
export const pageOf = (view: new () => object) => ({
  schema: {
    type: 'object' as const,
    required: ['items', 'nextCursor'],
    properties: {
      items: { type: 'array' as const, items: { $ref: getSchemaPath(view) } },
      nextCursor: { type: 'string' as const, nullable: true },
    },
  },
});
