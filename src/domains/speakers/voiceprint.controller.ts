import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { JobAnswer } from '../../kernel/jobs/job-answer.js';
import { NeedsScope } from '../../kernel/teams/api-key.guard.js';
import { CurrentCaller } from '../../kernel/teams/caller.js';
import type { Caller, CallerRequest } from '../../kernel/teams/caller.js';
import { DocumentsForgetting, DocumentsLibrary, DocumentsPrint } from './voiceprint.docs.js';
import { DocumentsRename, DocumentsVoiceprint } from './voiceprint.docs.js';
import { VoiceprintChange, VoiceprintRequest, VoiceprintsQuery } from './voiceprint.dto.js';
import { VoiceprintOrders } from './voiceprint.orders.js';
import { VoiceprintLibrary } from './voiceprint-library.js';

/** `POST` makes a job; all the rest is the library into which the job’s print goes. */
@ApiTags('speakers')
@Controller('v1/voiceprints')
export class VoiceprintController {
  constructor(
    private readonly orders: VoiceprintOrders,
    private readonly answer: JobAnswer,
    private readonly library: VoiceprintLibrary,
  ) {}

  @Post()
  @NeedsScope('jobs:write')
  @DocumentsVoiceprint()
  async submit(
    @CurrentCaller() caller: Caller,
    @Body() body: VoiceprintRequest,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.answer.submit(request, reply, await this.orders.newJob(caller.teamId, body));
  }

  @Get()
  @NeedsScope('jobs:read')
  @DocumentsLibrary()
  list(@CurrentCaller() caller: Caller, @Query() query: VoiceprintsQuery) {
    return this.library.list(caller, query);
  }

  @Get(':id')
  @NeedsScope('jobs:read')
  @DocumentsPrint()
  get(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.library.get(caller, id);
  }

  @Patch(':id')
  @NeedsScope('jobs:write')
  @DocumentsRename()
  rename(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() { label }: VoiceprintChange) {
    return this.library.rename(caller, id, label);
  }

  @Delete(':id')
  @HttpCode(204)
  @NeedsScope('jobs:write')
  @DocumentsForgetting()
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.library.remove(caller, id);
  }
}
