import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ApiProblem } from '../http/api-docs.js';
import { FileView } from './file.view.js';

const PROBLEMS = {
  400: ['Bad Request', 'empty_file', 'the file has 0 bytes; send its content as the body'],
  404: ['Not Found', 'file_not_found', 'there is no such file'],
  409: ['Conflict', 'idempotency_key_in_use', 'the first request with this Idempotency-Key is still under way'],
  410: ['Gone', 'file_gone', 'the file has expired or was deleted; upload it again'],
  413: ['Payload Too Large', 'file_too_large', 'the file is larger than the 1073741824 bytes that one upload may have'],
  416: ['Range Not Satisfiable', 'range_not_satisfiable', 'the file has 1000 bytes, and none in this range'],
  422: [
    'Unprocessable Entity',
    'idempotency_key_reused',
    'this Idempotency-Key was used with another body; take a new key',
  ],
  429: [
    'Too Many Requests',
    'limit_reached',
    'uploadBytes: the team may keep 1073741824 bytes of uploads and keeps 1073000000; this file has 1234567 or more',
  ],
  503: [
    'Service Unavailable',
    'storage_unavailable',
    'the storage of files does not answer; nothing was lost, try again',
  ],
  507: ['Insufficient Storage', 'storage_full', 'there is no room for this file; delete files, or ask the operator'],
} as const;

/** The errors of a route with files, each with an example. */
export function FileProblems(...statuses: (keyof typeof PROBLEMS)[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) => {
      const [title, code, detail] = PROBLEMS[status];
      return ApiProblem(status, { title, code, detail });
    }),
  );
}

const binary = { type: 'string', format: 'binary' } as const;
const text = { type: 'string' } as const;

/** Everything that the documentation says of `POST /v1/files`. */
export function DocumentsUpload(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Upload a file',
      description:
        'The body is the file, under any content type; or a form with one file in it. Streamed to disk; nothing is kept of an upload that broke off. The same name twice makes two files.',
      requestBody: {
        required: true,
        content: {
          'application/octet-stream': { schema: binary },
          'multipart/form-data': {
            schema: { type: 'object', required: ['file'], properties: { file: binary } },
          },
        },
      },
    }),
    ApiHeader({ name: 'X-File-Name', description: 'What the file is called, percent-encoded', required: false }),
    ApiHeader({ name: 'Content-Disposition', description: 'Or here: `filename`, `filename*`', required: false }),
    ApiHeader({
      name: 'Content-Digest',
      description: '`sha-256=:<base64>:` (RFC 9530); other bytes are refused. Not with a form',
      required: false,
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'Your own id of this upload: sent again with the same file it gives the same file',
      required: false,
    }),
    ApiCreatedResponse({
      type: FileView,
      headers: {
        Location: { description: 'Where the file is: `/v1/files/{id}`', schema: text },
        'Idempotency-Replayed': { description: '`true`: the file of an earlier request', schema: text },
      },
    }),
    FileProblems(400, 409, 413, 422, 429, 503, 507),
  );
}

const CONTENT_HEADERS = {
  ETag: { description: 'The SHA-256 of the whole file', schema: text },
  'Accept-Ranges': { description: '`bytes`', schema: text },
  'Content-Disposition': { description: 'Always `attachment`', schema: text },
  'Repr-Digest': { description: 'The SHA-256 of the whole file (RFC 9530)', schema: text },
};
const content = { '*/*': { schema: binary } };

/** Everything that the documentation says of `GET /v1/files/{id}/content`. */
export function DocumentsContent(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Download a file, or a part of it', description: 'One range of bytes; HEAD works too.' }),
    ApiHeader({ name: 'Range', description: '`bytes=0-1023`, `bytes=1024-` or `bytes=-1024`', required: false }),
    ApiHeader({ name: 'If-Range', description: 'The ETag; the whole file when it does not hold', required: false }),
    ApiHeader({ name: 'If-None-Match', description: 'The ETag that you have; 304 when it holds', required: false }),
    ApiResponse({ status: 200, description: 'The whole file', content, headers: CONTENT_HEADERS }),
    ApiResponse({
      status: 206,
      description: 'The range',
      content,
      headers: { ...CONTENT_HEADERS, 'Content-Range': { description: '`bytes 0-1023/4096`', schema: text } },
    }),
    ApiResponse({ status: 304, description: 'Not changed' }),
    FileProblems(404, 410, 416, 503),
  );
}
