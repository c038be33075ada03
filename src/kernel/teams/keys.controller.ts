import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../http/api-docs.js';
import { NeedsScope } from './api-key.guard.js';
import { actorOf } from './audit-log.js';
import { CurrentCaller } from './caller.js';
import type { Caller } from './caller.js';
import { KeyActs } from './key-acts.js';
import type { Actor } from './key-acts.js';
import { DocumentsKey, DocumentsKeys, DocumentsRevoke, DocumentsRotate } from './key.docs.js';
import { KeyRequest, KeysQuery, RotateRequest } from './key.dto.js';
import { KeyView } from './key.view.js';
import type { NewKeyView } from './key.view.js';
import { KeysService } from './keys.service.js';
import { TeamQueries } from './team-queries.js';

const overRest = (caller: Caller): Actor => ({ actor: actorOf(caller), mayEndLastAdmin: false });

@ApiTags('keys')
@ApiExtraModels(KeyView)
@Controller('v1/keys')
@NeedsScope('admin')
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly acts: KeyActs,
    private readonly teams: TeamQueries,
  ) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @DocumentsKey()
  async create(
    @CurrentCaller() caller: Caller,
    @Body() body: KeyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewKeyView> {
    const team = await this.teams.idOf(body.team);
    const { key, view } = await this.keys.create({ ...body, team, actor: actorOf(caller) });
    void reply.header('Location', `/v1/keys/${view.id}`);
    return { ...view, key };
  }

  @Get()
  @DocumentsKeys()
  async list(@Query() query: KeysQuery) {
    return this.keys.page(query, query.team === undefined ? null : await this.teams.idOf(query.team));
  }

  @Get(':id')
  @ApiOperation({ summary: 'What is known of a key' })
  @ApiOkResponse({ type: KeyView })
  @ApiProblems(404)
  get(@Param('id') id: string) {
    return this.keys.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @DocumentsRevoke()
  revoke(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.acts.revoke(id, overRest(caller));
  }

  @Post(':id/rotate')
  @Header('Cache-Control', 'no-store')
  @DocumentsRotate()
  async rotate(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() wish: RotateRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewKeyView> {
    const made = await this.acts.rotate(id, wish, overRest(caller));
    void reply.header('Location', `/v1/keys/${made.id}`);
    return made;
  }
}
