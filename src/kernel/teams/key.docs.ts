import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems, pageOf } from '../http/api-docs.js';
import { RotateRequest } from './key.dto.js';
import { KeyView, NewKeyView } from './key.view.js';

const text = { type: 'string' as const };
const HEADERS = {
  Location: { description: 'Where the key is: `/v1/keys/{id}`', schema: text },
  'Cache-Control': { description: '`no-store`', schema: text },
};

export const DocumentsKey = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Make a key',
      description: 'The answer holds the key itself, this once; what is lost is replaced, not found again. Audited.',
    }),
    ApiCreatedResponse({ type: NewKeyView, headers: HEADERS }),
    ApiProblems(400, 404),
  );

export const DocumentsKeys = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'All keys, newest first, without the keys themselves' }),
    ApiOkResponse({ description: 'One page', ...pageOf(KeyView) }),
    ApiProblems(400, 404),
  );

export const DocumentsRevoke = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'End a key at once',
      description:
        'A second time changes nothing. The last valid key with the scope `admin` is not ended here (409 `last_admin_key`); `signalbox keys revoke` does it. Audited.',
    }),
    ApiNoContentResponse({ description: 'It opens nothing any more' }),
    ApiProblems(404, 409),
  );

export const DocumentsRotate = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Put a new key in the place of an old one',
      description:
        'Of the same team, name and scopes. For the time of `overlap` both are good, so that nothing has to be changed in the same second; then the old one is over. A key that is revoked or expired cannot be rotated (409), nor the last one with the scope `admin` at once (409 `last_admin_key`). Audited.',
    }),
    ApiBody({ type: RotateRequest, required: false }),
    ApiCreatedResponse({ type: NewKeyView, headers: HEADERS }),
    ApiProblems(400, 404, 409),
  );
