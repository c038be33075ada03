import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiPropertyOptional, ApiResponse } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { ApiProblems } from '../../http/api-docs.js';

export class ResultQuery {
  @ApiPropertyOptional({
    description:
      'Goes before `Accept`. `json`, and what the kind of job offers beside it; anything else is told what that is',
    example: 'rttm',
  })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  format?: string;
}

const text = { type: 'string' as const };

const HEADERS = {
  ETag: { description: 'Of this form of the result', schema: text },
  'Content-Disposition': { description: 'With a name: kind, UTC time of settling, job', schema: text },
};

/** Everything that the documentation says of `GET /v1/jobs/{id}/result`. */
export function DocumentsResult(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'The result of a job, in the form that is asked for',
      description:
        'By `?format=` or by `Accept`; without both, JSON. A result of any size is streamed. What there is beside JSON depends on the kind of job.',
    }),
    ApiHeader({ name: 'Accept', description: 'For example `text/csv`', required: false }),
    ApiHeader({ name: 'Prefer', description: '`wait=30` waits for the job, 60 s at most', required: false }),
    ApiHeader({ name: 'If-None-Match', description: 'The ETag that you have; 304 when it holds', required: false }),
    ApiResponse({
      status: 200,
      description: 'The result',
      headers: HEADERS,
      content: {
        'application/json': { schema: { type: 'object', additionalProperties: true } },
        '*/*': { schema: text },
      },
    }),
    ApiResponse({ status: 304, description: 'Not changed' }),
    ApiProblems(400, 404, 406, 409, 410),
  );
}
