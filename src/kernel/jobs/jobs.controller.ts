import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems, pageOf } from '../http/api-docs.js';
import { CurrentCaller } from '../teams/caller.js';
import type { Caller, CallerRequest } from '../teams/caller.js';
import { NeedsScope } from '../teams/api-key.guard.js';
import { JobAnswer } from './job-answer.js';
import { ResolveRequest } from './job-acts.dto.js';
import { JobActs } from './job-acts.js';
import { JobEventView } from './job-event.view.js';
import { EventsQuery, JobsQuery } from './job-queries.dto.js';
import { JobQueries } from './job-queries.js';
import { JobView } from './job.view.js';

@ApiTags('jobs')
@ApiExtraModels(JobView, JobEventView)
@Controller('v1/jobs')
export class JobsController {
  constructor(
    private readonly queries: JobQueries,
    private readonly acts: JobActs,
    private readonly answer: JobAnswer,
  ) {}

  @Get()
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'The team’s jobs, newest first' })
  @ApiOkResponse({ description: 'One page', ...pageOf(JobView) })
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @Query() query: JobsQuery) {
    return this.queries.list(caller, query);
  }

  @Get(':id')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'One job, with its result' })
  @ApiHeader({
    name: 'Prefer',
    description: '`wait=30` holds the answer until the job is settled, 60 s at most',
    required: false,
  })
  @ApiHeader({ name: 'If-None-Match', description: 'The ETag that you have; 304 when it still holds', required: false })
  @ApiOkResponse({ type: JobView })
  @ApiProblems(400, 404)
  get(@Param('id') id: string, @Req() request: CallerRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer.get(request, reply, id);
  }

  @Get(':id/events')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'The timeline of a job: what happened, when, and why' })
  @ApiOkResponse({ description: 'One page, oldest first', ...pageOf(JobEventView) })
  @ApiProblems(400, 404)
  async events(@CurrentCaller() caller: Caller, @Param('id') id: string, @Query() query: EventsQuery) {
    return this.queries.events(await this.queries.get(caller, id), query);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @NeedsScope('jobs:write')
  @ApiOperation({
    summary: 'Cancel a job',
    description:
      '200: canceled. 202: its vendor was asked to; the vendor’s word ends it, and a completion that comes first wins.',
  })
  @ApiOkResponse({ type: JobView })
  @ApiAcceptedResponse({ type: JobView })
  @ApiProblems(404, 409)
  async cancel(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.showCanceled(caller, await this.acts.cancel(caller, id), reply);
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @NeedsScope('operate')
  @ApiOperation({ summary: 'Settle by hand what nobody else can (audited)' })
  @ApiOkResponse({ type: JobView })
  @ApiProblems(400, 404, 409)
  async resolve(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() wish: ResolveRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.show(caller, await this.acts.resolve(caller, id, wish), reply);
  }
}
