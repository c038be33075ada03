import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../../../src/kernel/http/api-docs.js';
import { JobAnswer } from '../../../src/kernel/jobs/job-answer.js';
import { JobView } from '../../../src/kernel/jobs/job.view.js';
import { NeedsScope } from '../../../src/kernel/teams/api-key.guard.js';
import type { CallerRequest } from '../../../src/kernel/teams/caller.js';
import { DrawingRequest } from './drawing.dto.js';

@ApiTags('toys')
@Controller('v1/drawings')
export class DrawingController {
  constructor(private readonly answer: JobAnswer) {}

  @Post()
  @NeedsScope('jobs:write')
  @ApiOperation({ summary: 'Have something drawn' })
  @ApiAcceptedResponse({ type: JobView })
  @ApiProblems(400, 409, 422, 503)
  submit(
    @Body() { subject, labels, webhook }: DrawingRequest,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.submit(request, reply, { kind: 'drawing', input: { subject }, labels, webhook });
  }
}
