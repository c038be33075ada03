import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { STREAM_BODY } from '../../kernel/http/raw-body.js';
import { NeedsScope } from '../../kernel/teams/api-key.guard.js';
import { CurrentCaller } from '../../kernel/teams/caller.js';
import type { Caller, CallerRequest } from '../../kernel/teams/caller.js';
import { ImageQuery, SubmitQuery } from './receipt.dto.js';
import { ReceiptViews } from './receipt-views.js';
import { ReceiptsAnswer } from './receipts.answer.js';
import { DocumentsImage, DocumentsOverlay, DocumentsReceipt, DocumentsReceipts } from './receipts.docs.js';

@ApiTags('receipts')
@Controller('v1/receipts')
export class ReceiptsController {
  constructor(
    private readonly answer: ReceiptsAnswer,
    private readonly views: ReceiptViews,
  ) {}

  @Post()
  @NeedsScope('jobs:write')
  @RouteConfig(STREAM_BODY)
  @DocumentsReceipts()
  submit(
    @Query() { debug }: SubmitQuery,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.submit(request, reply, debug === 'true');
  }

  @Get(':id')
  @NeedsScope('jobs:read')
  @DocumentsReceipt()
  get(@Param('id') id: string, @Req() request: CallerRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.views.get(request, reply, id);
  }

  @Get(':id/overlay.svg')
  @NeedsScope('jobs:read')
  @DocumentsOverlay()
  overlay(@CurrentCaller() caller: Caller, @Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.views.overlay(caller, reply, id);
  }

  @Get(':id/image')
  @NeedsScope('jobs:read')
  @DocumentsImage()
  image(
    @Param('id') id: string,
    @Query() { kind = 'straightened' }: ImageQuery,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.views.image(request, reply, id, kind);
  }
}
