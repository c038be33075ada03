import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NeedsScope } from '../../teams/api-key.guard.js';
import { CurrentCaller } from '../../teams/caller.js';
import type { Caller } from '../../teams/caller.js';
import { EndpointActs } from './endpoint-acts.js';
import { EndpointChanges } from './endpoint-changes.js';
import { EndpointIntake } from './endpoint-intake.js';
import { EndpointQueries } from './endpoint-queries.js';
import { EndpointChange, EndpointRequest, EndpointsQuery, RotationRequest } from './endpoint.dto.js';
import { DocumentsChange, DocumentsEndpoint, DocumentsEndpoints, DocumentsNewEndpoint } from './endpoints.docs.js';
import { DocumentsRemoval, DocumentsRotation, DocumentsTest } from './endpoints.docs.js';

@ApiTags('endpoints')
@Controller('v1/endpoints')
export class EndpointsController {
  constructor(
    private readonly intake: EndpointIntake,
    private readonly queries: EndpointQueries,
    private readonly changes: EndpointChanges,
    private readonly acts: EndpointActs,
  ) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @NeedsScope('endpoints:write')
  @DocumentsNewEndpoint()
  async create(
    @CurrentCaller() caller: Caller,
    @Body() body: EndpointRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const made = await this.intake.create(caller, body);
    void reply.header('Location', `/v1/endpoints/${made.id}`);
    return made;
  }

  @Get()
  @NeedsScope('jobs:read')
  @DocumentsEndpoints()
  list(@CurrentCaller() caller: Caller, @Query() query: EndpointsQuery) {
    return this.queries.list(caller, query);
  }

  @Get(':id')
  @NeedsScope('jobs:read')
  @DocumentsEndpoint()
  get(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.queries.view(caller, id);
  }

  @Patch(':id')
  @NeedsScope('endpoints:write')
  @DocumentsChange()
  change(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: EndpointChange) {
    return this.changes.change(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @NeedsScope('endpoints:write')
  @DocumentsRemoval()
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.acts.remove(caller, id);
  }

  @Post(':id/test')
  @HttpCode(202)
  @NeedsScope('endpoints:write')
  @DocumentsTest()
  test(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.acts.test(caller, id);
  }

  @Post(':id/secret/rotate')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @NeedsScope('endpoints:write')
  @DocumentsRotation()
  rotate(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() { overlapSeconds }: RotationRequest) {
    return this.acts.rotate(caller, id, overlapSeconds);
  }
}
