import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../http/api-docs.js';
import { PageQuery } from '../http/pagination.js';
import { NeedsScope } from './api-key.guard.js';
import { actorOf } from './audit-log.js';
import { CurrentCaller } from './caller.js';
import type { Caller } from './caller.js';
import { LimitSettings } from './limit-settings.js';
import { TeamChange, TeamRequest } from './team.dto.js';
import { DocumentsLimits, DocumentsTeam, DocumentsTeams } from './team.docs.js';
import { TeamQueries } from './team-queries.js';
import { TeamDetailView, TeamView } from './team.view.js';
import { TeamsService } from './teams.service.js';

@ApiTags('teams')
@ApiExtraModels(TeamView)
@Controller('v1/teams')
@NeedsScope('admin')
export class TeamsController {
  constructor(
    private readonly teams: TeamsService,
    private readonly queries: TeamQueries,
    private readonly settings: LimitSettings,
  ) {}

  @Post()
  @DocumentsTeam()
  async create(
    @CurrentCaller() caller: Caller,
    @Body() { name }: TeamRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TeamDetailView> {
    const { id } = await this.teams.create(name, actorOf(caller));
    void reply.header('Location', `/v1/teams/${id}`);
    return this.queries.get(id);
  }

  @Get()
  @DocumentsTeams()
  list(@Query() query: PageQuery) {
    return this.queries.page(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One team, its limits, and what it uses of them now' })
  @ApiOkResponse({ type: TeamDetailView })
  @ApiProblems(404)
  get(@Param('id') id: string) {
    return this.queries.get(id);
  }

  @Patch(':id')
  @DocumentsLimits()
  change(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() { limits }: TeamChange) {
    return this.settings.change(id, limits, actorOf(caller));
  }
}
