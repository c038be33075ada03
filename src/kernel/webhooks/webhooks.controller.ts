import { Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiProblems } from '../http/api-docs.js';
import { RAW_BODY } from '../http/raw-body.js';
import { NO_CONTEXT } from '../observability/request.interceptor.js';
import { InboxService } from './inbox.service.js';
import type { Receipt } from './inbox.service.js';
import { ReceiptView } from './delivery.view.js';
import { SignatureGuard } from './signature.guard.js';
import type { NoticeRequest } from './signature.guard.js';

@ApiTags('inbound')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly inbox: InboxService) {}

  @Post(':source')
  @HttpCode(200)
  @UseGuards(SignatureGuard)
  @RouteConfig({ ...RAW_BODY, ...NO_CONTEXT })
  @ApiOperation({
    summary: 'Where vendors deliver their notices',
    description: 'Signed by the vendor, each in its own way. A 200 means that the exact bytes are kept.',
  })
  @ApiParam({ name: 'source', example: 'pyannote' })
  @ApiOkResponse({ type: ReceiptView })
  @ApiProblems(401, 404, 413, 429, 503)
  async accept(@Req() request: NoticeRequest): Promise<Receipt> {
    if (!request.inbound) throw new Error('a notice came past the signature guard');
    const receipt = await this.inbox.accept(request.inbound.source, request.inbound.notice);
    request.logEvent = 'delivery.received';
    request.seen = { ...request.seen, deliveryId: receipt.deliveryId };
    return receipt;
  }
}
