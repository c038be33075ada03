import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-docs.js';

const EXAMPLE = `retry: 2000

: connected
id: 1-4711-99

id: 1-4725-103
event: diarization.succeeded
data: {"type":"diarization.succeeded","timestamp":"2025-11-21T10:00:00.000Z","data":{"job":{"status":"succeeded"}}}

`;

function documents(summary: string, description: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description }),
    ApiHeader({
      name: 'Last-Event-ID',
      description: 'The last `id` that you have: the stream goes on after it, without gap or repeat',
      required: false,
    }),
    ApiResponse({
      status: 200,
      description: 'Server-sent events; a comment every 15 s',
      content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
    }),
  );
}

/** Everything that the documentation says of `GET /v1/stream`. */
export function DocumentsStream(): MethodDecorator {
  return applyDecorators(
    documents(
      'What the team is told, as it happens',
      'Begins now, at `since`, or after `Last-Event-ID`. The events are those of webhooks, with the same body. `event: reset` once where the id is too old: re-read the lists.',
    ),
    ApiProblems(400, 429, 503),
  );
}

/** Everything that the documentation says of `GET /v1/jobs/{id}/stream`. */
export function DocumentsJobStream(): MethodDecorator {
  return applyDecorators(
    documents(
      'The timeline of a job, as it happens',
      'Begins with the job and ends after the event of its final state.',
    ),
    ApiResponse({ status: 204, description: 'You have the event of its final state: nothing comes any more' }),
    ApiProblems(400, 404, 429, 503),
  );
}
