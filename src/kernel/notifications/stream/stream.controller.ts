import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NeedsScope } from '../../teams/api-key.guard.js';
import { CurrentCaller } from '../../teams/caller.js';
import type { Caller, CallerRequest } from '../../teams/caller.js';
import { DocumentsStream } from './stream.docs.js';
import { StreamQuery } from './stream.dto.js';
import { Streams } from './streams.js';

@ApiTags('stream')
@Controller('v1/stream')
export class StreamController {
  constructor(private readonly streams: Streams) {}

  @Get()
  @NeedsScope('jobs:read')
  @DocumentsStream()
  stream(
    @CurrentCaller() caller: Caller,
    @Req() request: CallerRequest,
    @Res() reply: FastifyReply,
    @Query() query: StreamQuery,
  ) {
    return this.streams.ofTeam(caller, request, reply, query);
  }
}
