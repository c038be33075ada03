import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DocumentsJobStream } from '../notifications/stream/stream.docs.js';
import { ResumeQuery } from '../notifications/stream/stream.dto.js';
import { NeedsScope } from '../teams/api-key.guard.js';
import { CurrentCaller } from '../teams/caller.js';
import type { Caller, CallerRequest } from '../teams/caller.js';
import { JobStream } from './job-stream.js';

@ApiTags('jobs')
@Controller('v1/jobs')
export class JobStreamController {
  constructor(private readonly jobStream: JobStream) {}

  @Get(':id/stream')
  @NeedsScope('jobs:read')
  @DocumentsJobStream()
  stream(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Req() request: CallerRequest,
    @Res() reply: FastifyReply,
    @Query() query: ResumeQuery,
  ) {
    return this.jobStream.open(caller, request, reply, { id, ...query });
  }
}
