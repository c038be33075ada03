import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, ApiHeader, ApiNoContentResponse } from '@nestjs/swagger';
import { ApiOkResponse, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { ApiProblem, ApiProblems, pageOf } from '../../../kernel/http/api-docs.js';
import { ModelView } from './model.view.js';

export const DocumentsModels = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(ModelView),
    ApiOperation({
      summary: 'What your team’s trainings made, newest first',
      description: 'A model is here as soon as its training is succeeded; its files follow, see `state`.',
    }),
    ApiOkResponse({ description: 'One page', ...pageOf(ModelView) }),
    ApiProblems(400),
  );

export const DocumentsModel = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'One model, and how far its files are' }),
    ApiOkResponse({ type: ModelView }),
    NoSuchModel(),
  );

export const DocumentsModelDeletion = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Delete a model with our copies of its files, for good',
      description: 'The vendor’s own files are not touched. Another team’s is audited.',
    }),
    ApiNoContentResponse({ description: 'It is gone' }),
    NoSuchModel(),
  );

export const DocumentsModelCopy = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Copy what is missing of a model once more',
      description:
        'Files that failed, whose copy is gone, or that wait for another try; 409 `already_copying` while they wait for their first. `model.ready` is not announced a second time.',
    }),
    ApiAcceptedResponse({ type: ModelView, description: 'It is tried now, and with back-off for a day' }),
    NoSuchModel(),
    ApiProblem(409, { title: 'Conflict', code: 'nothing_to_copy', detail: 'all files of this model are here' }),
  );

const text = { type: 'string' } as const;
const content = { '*/*': { schema: { type: 'string', format: 'binary' } as const } };
const HEADERS = {
  ETag: { description: 'The SHA-256 of the whole file', schema: text },
  'Accept-Ranges': { description: '`bytes`', schema: text },
  'Content-Disposition': { description: 'Always `attachment`', schema: text },
  'Repr-Digest': { description: 'The SHA-256 of the whole file (RFC 9530)', schema: text },
};

export const DocumentsModelFile = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Download a file of a model, or a part of it', description: 'One range; HEAD works too.' }),
    ApiParam({ name: 'file', description: 'What it is to the model, or how it is called', example: 'lora' }),
    ApiHeader({ name: 'Range', description: '`bytes=0-1023`, `bytes=1024-` or `bytes=-1024`', required: false }),
    ApiHeader({ name: 'If-Range', description: 'The ETag; the whole file when it does not hold', required: false }),
    ApiHeader({ name: 'If-None-Match', description: 'The ETag that you have; 304 when it holds', required: false }),
    ApiResponse({ status: 200, description: 'The whole file', content, headers: HEADERS }),
    ApiResponse({
      status: 206,
      description: 'The range',
      content,
      headers: { ...HEADERS, 'Content-Range': { description: '`bytes 0-1023/4096`', schema: text } },
    }),
    ApiResponse({ status: 304, description: 'Not changed' }),
    NoSuchModel(),
    ApiProblem(409, {
      title: 'Conflict',
      code: 'model_file_not_copied',
      detail: 'the file is still being copied; the event model.ready says when all files are here',
    }),
    ApiProblem(410, {
      title: 'Gone',
      code: 'model_file_gone',
      detail: 'our copy of this file was deleted or lost; POST /v1/models/{id}/copy tries again',
    }),
    ApiProblem(416, {
      title: 'Range Not Satisfiable',
      code: 'range_not_satisfiable',
      detail: 'the file has 1000 bytes, and none in this range',
    }),
  );

const NoSuchModel = () =>
  ApiProblem(404, { title: 'Not Found', code: 'model_not_found', detail: 'there is no such model' });
