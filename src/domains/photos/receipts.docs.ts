import { applyDecorators } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiProblem, ApiProblems } from '../../kernel/http/api-docs.js';
import { JobView } from '../../kernel/jobs/job.view.js';
import { ReceiptsRequest } from './receipt.dto.js';
import { ReceiptsView } from './receipt.view.js';

const URL = 'https://files.example.com/receipt.jpg';

const HEADERS = {
  Location: { description: 'Where the batch is: `/v1/batches/{id}`', schema: { type: 'string' as const } },
  'Idempotency-Replayed': {
    description: '`true`: the jobs of an earlier request',
    schema: { type: 'string' as const },
  },
};

const FORM = {
  type: 'object' as const,
  required: ['photo'],
  properties: {
    photo: {
      type: 'array' as const,
      items: { type: 'string' as const, format: 'binary' },
      description: '1 to 20 parts with a file name, whatever they are called',
    },
    reader: { type: 'string' as const, enum: ['ocr'] },
    language: { type: 'string' as const, enum: ['en', 'ru'] },
    labels: { type: 'string' as const, description: 'A JSON object' },
    notifyUrl: { type: 'string' as const },
  },
};

const DESCRIPTION = `JPEG, PNG, WebP, AVIF, HEIC or PDF (its first ten pages, each a receipt of its own), 25 MiB each. Each photo
is a job of its own, in one batch. A photo that cannot be taken is refused in its own entry (\`error\`) and holds up no other; with
no photo left the answer is a 4xx. Photos are read in this service: nothing is sent out.`;

/** Everything that the documentation says of `POST /v1/receipts`. */
export const DocumentsReceipts = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(ReceiptsRequest, ReceiptsView),
    ApiOperation({ summary: 'Read up to twenty photos of receipts', description: DESCRIPTION.replace(/\n/g, ' ') }),
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'Your own id of this request: sent again with the same photos it gives the same jobs',
      required: false,
    }),
    ApiHeader({
      name: 'Prefer',
      description: '`wait=30` holds the answer until all photos are settled, 60 s at most',
      required: false,
    }),
    ApiConsumes('multipart/form-data', 'application/json'),
    ApiBody({
      required: true,
      schema: { anyOf: [FORM, { $ref: getSchemaPath(ReceiptsRequest) }] },
      examples: {
        urls: { summary: 'By address', value: { photos: [{ url: URL }], language: 'en' } },
        files: {
          summary: 'Files that were uploaded before',
          value: { photos: [{ file: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' }] },
        },
      },
    }),
    ApiAcceptedResponse({
      description: 'Accepted, or not all settled within the wait',
      type: ReceiptsView,
      headers: HEADERS,
    }),
    ApiOkResponse({ description: 'All settled within the wait', type: ReceiptsView, headers: HEADERS }),
    ApiProblems(400, 402, 409, 422, 429),
    ApiProblem(413, {
      title: 'Payload Too Large',
      code: 'photo_too_large',
      detail: 'The file has more than 25 MiB. Send the photo as JPEG, or smaller.',
    }),
    ApiProblem(415, {
      title: 'Unsupported Media Type',
      code: 'photo_type_unsupported',
      detail: 'By its content this file is an SVG drawing. Send JPEG, PNG, WebP, AVIF, HEIC or PDF.',
    }),
  );

export const DocumentsReceipt = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'One receipt: its job, with what was read' }),
    ApiHeader({
      name: 'Prefer',
      description: '`wait=30` holds the answer until the job is settled, 60 s at most',
      required: false,
    }),
    ApiOkResponse({ type: JobView }),
    NoSuchReceipt(),
    ApiProblems(400),
  );

export const DocumentsOverlay = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'The straightened photo with boxes, and what was read beside it',
      description: 'One SVG file without scripts; it can be shown in an `img`.',
    }),
    ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } }),
    NoPicture(),
    NoSuchReceipt(),
    ApiProblems(410),
  );

export const DocumentsImage = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'A picture of the receipt',
      description: 'Pictures expire after `PHOTOS_PICTURES_TTL`; what was read stays.',
    }),
    ApiOkResponse({ content: { 'image/jpeg': { schema: { type: 'string', format: 'binary' } } } }),
    NoPicture(),
    NoSuchReceipt(),
    ApiProblems(400, 410),
  );

const NoSuchReceipt = () =>
  ApiProblem(404, { title: 'Not Found', code: 'receipt_not_found', detail: 'there is no such receipt' });

const NoPicture = () =>
  ApiProblem(409, {
    title: 'Conflict',
    code: 'not_read',
    detail: 'the job is queued; there are pictures once it is succeeded',
  });
