import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { JobAnswer } from '../../kernel/jobs/job-answer.js';
import { NeedsScope } from '../../kernel/teams/api-key.guard.js';
import { CurrentCaller } from '../../kernel/teams/caller.js';
import type { Caller, CallerRequest } from '../../kernel/teams/caller.js';
import { DocumentsDiarization } from './diarization.docs.js';
import { DiarizationRequest } from './diarization.dto.js';
import { DiarizationOrders } from './diarization.orders.js';

@ApiTags('speakers')
@Controller('v1/diarizations')
export class DiarizationController {
  constructor(
    private readonly orders: DiarizationOrders,
    private readonly answer: JobAnswer,
  ) {}

  @Post()
  @NeedsScope('jobs:write')
  @DocumentsDiarization()
  async submit(
    @CurrentCaller() caller: Caller,
    @Body() body: DiarizationRequest,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.submit(request, reply, await this.orders.newJob(caller.teamId, body));
  }
}
