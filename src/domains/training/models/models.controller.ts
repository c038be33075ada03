import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { FileDownload } from '../../../kernel/files/file-download.js';
import { NeedsScope } from '../../../kernel/teams/api-key.guard.js';
import { CurrentCaller } from '../../../kernel/teams/caller.js';
import type { Caller, CallerRequest } from '../../../kernel/teams/caller.js';
import { DocumentsModel, DocumentsModelCopy, DocumentsModelDeletion } from './model.docs.js';
import { DocumentsModelFile, DocumentsModels } from './model.docs.js';
import { ModelsQuery } from './model.dto.js';
import { ModelShelf } from './model-shelf.js';

/** What trainings made. */
@ApiTags('models')
@Controller('v1/models')
export class ModelsController {
  constructor(
    private readonly shelf: ModelShelf,
    private readonly download: FileDownload,
  ) {}

  @Get()
  @NeedsScope('jobs:read')
  @DocumentsModels()
  list(@CurrentCaller() caller: Caller, @Query() query: ModelsQuery) {
    return this.shelf.list(caller, query);
  }

  @Get(':id')
  @NeedsScope('jobs:read')
  @DocumentsModel()
  get(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.shelf.get(caller, id);
  }

  @Get(':id/files/:file')
  @NeedsScope('jobs:read')
  @DocumentsModelFile()
  async file(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('file') file: string,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.download.send(await this.shelf.file(caller, id, file), request, reply);
  }

  @Post(':id/copy')
  @HttpCode(202)
  @NeedsScope('jobs:write')
  @DocumentsModelCopy()
  copy(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.shelf.copyAgain(caller, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @NeedsScope('jobs:write')
  @DocumentsModelDeletion()
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.shelf.remove(caller, id);
  }
}
