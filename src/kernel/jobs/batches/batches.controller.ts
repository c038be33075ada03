import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems, pageOf } from '../../http/api-docs.js';
import { NeedsScope } from '../../teams/api-key.guard.js';
import { CurrentCaller } from '../../teams/caller.js';
import type { Caller, CallerRequest } from '../../teams/caller.js';
import { requestOf } from '../request-of.js';
import { BatchArchive } from './batch-archive.js';
import { BatchCancel } from './batch-cancel.js';
import { BatchIntake } from './batch-intake.js';
import { BatchQueries } from './batch-queries.js';
import { BatchRequest, BatchesQuery } from './batch.dto.js';
import { BatchView } from './batch.view.js';
import { DocumentsBatch, DocumentsCancel, DocumentsResults } from './batches.docs.js';

@ApiTags('batches')
@ApiExtraModels(BatchView)
@Controller('v1/batches')
export class BatchesController {
  constructor(
    private readonly intake: BatchIntake,
    private readonly queries: BatchQueries,
    private readonly canceling: BatchCancel,
    private readonly archive: BatchArchive,
  ) {}

  @Post()
  @HttpCode(202)
  @NeedsScope('jobs:write')
  @DocumentsBatch()
  async submit(
    @CurrentCaller() caller: Caller,
    @Body() body: BatchRequest,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { id, replayed } = await this.intake.create(caller, body, requestOf(request));
    if (replayed) void reply.header('Idempotency-Replayed', 'true');
    void reply.header('Location', `/v1/batches/${id}`);
    return this.queries.view(caller, id);
  }

  @Get()
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'The team’s batches, newest first' })
  @ApiOkResponse({ description: 'One page', ...pageOf(BatchView) })
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @Query() query: BatchesQuery) {
    return this.queries.list(caller, query);
  }

  @Get(':id')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'One batch and how far it is; its jobs are at `/v1/jobs?batch={id}`' })
  @ApiOkResponse({ type: BatchView })
  @ApiProblems(404)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.queries.view(caller, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @NeedsScope('jobs:write')
  @DocumentsCancel()
  async cancel(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const answer = await this.canceling.cancel(caller, id);
    if (answer.asked > 0) void reply.status(202);
    return answer;
  }

  @Get(':id/results')
  @NeedsScope('jobs:read')
  @DocumentsResults()
  async results(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const batch = await this.queries.get(caller, id);
    void reply.header('Cache-Control', 'private, no-cache');
    return new StreamableFile(request.method === 'HEAD' ? Readable.from([]) : this.archive.stream(batch, caller), {
      type: 'application/gzip',
      disposition: `attachment; filename="batch_${batch.id}.tar.gz"`,
    });
  }
}
