import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NeedsScope } from '../teams/api-key.guard.js';
import { CurrentCaller } from '../teams/caller.js';
import type { Caller } from '../teams/caller.js';
import { BulkReplays } from './bulk-replays.js';
import { DocumentsBulkReplay, DocumentsReplay } from './replay.docs.js';
import { BulkReplayRequest, ReplayRequest } from './replay.dto.js';
import { Replays } from './replays.js';

@ApiTags('deliveries')
@Controller('v1/deliveries')
export class ReplayController {
  constructor(
    private readonly replays: Replays,
    private readonly bulk: BulkReplays,
  ) {}

  @Post('replay')
  @HttpCode(200)
  @NeedsScope('operate')
  @DocumentsBulkReplay()
  async many(
    @CurrentCaller() caller: Caller,
    @Body() body: BulkReplayRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const wish = this.bulk.read(body);
    if ('filter' in wish) return this.bulk.plan(caller, wish.filter);
    void reply.status(202);
    return this.bulk.run(caller, wish);
  }

  @Post(':id/replay')
  @HttpCode(202)
  @NeedsScope('operate')
  @DocumentsReplay()
  one(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body?: ReplayRequest) {
    return this.replays.replay(caller, id, body?.reason ?? undefined);
  }
}
