import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NeedsScope } from '../../teams/api-key.guard.js';
import type { CallerRequest } from '../../teams/caller.js';
import { ResultAnswer } from './result-answer.js';
import { DocumentsResult, ResultQuery } from './result.docs.js';

@ApiTags('jobs')
@Controller('v1/jobs')
export class ResultController {
  constructor(private readonly answer: ResultAnswer) {}

  @Get(':id/result')
  @NeedsScope('jobs:read')
  @DocumentsResult()
  get(
    @Param('id') id: string,
    @Query() query: ResultQuery,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.send(request, reply, id, query.format);
  }
}
