import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { JobAnswer } from '../../kernel/jobs/job-answer.js';
import { NeedsScope } from '../../kernel/teams/api-key.guard.js';
import { CurrentCaller } from '../../kernel/teams/caller.js';
import type { Caller, CallerRequest } from '../../kernel/teams/caller.js';
import { DocumentsIdentification } from './identification.docs.js';
import { IdentificationRequest } from './identification.dto.js';
import { IdentificationOrders } from './identification.orders.js';

@ApiTags('speakers')
@Controller('v1/identifications')
export class IdentificationController {
  constructor(
    private readonly orders: IdentificationOrders,
    private readonly answer: JobAnswer,
  ) {}

  @Post()
  @NeedsScope('jobs:write')
  @DocumentsIdentification()
  async submit(
    @CurrentCaller() caller: Caller,
    @Body() body: IdentificationRequest,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.submit(request, reply, await this.orders.newJob(caller.teamId, body));
  }
}
