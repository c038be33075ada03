import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { pageOf } from '../http/api-docs.js';
import { STREAM_BODY } from '../http/raw-body.js';
import { NeedsScope } from '../teams/api-key.guard.js';
import { CurrentCaller } from '../teams/caller.js';
import type { Caller, CallerRequest } from '../teams/caller.js';
import { FileDownload } from './file-download.js';
import { FileView, FilesQuery, UploadQuery, fileView } from './file.view.js';
import { DocumentsContent, DocumentsUpload, FileProblems } from './files.docs.js';
import { FilesService } from './files.service.js';
import { Uploads } from './uploads.js';

@ApiTags('files')
@ApiExtraModels(FileView)
@Controller('v1/files')
export class FilesController {
  constructor(
    private readonly files: FilesService,
    private readonly uploads: Uploads,
    private readonly download: FileDownload,
  ) {}

  @Post()
  @NeedsScope('files:write')
  @RouteConfig(STREAM_BODY)
  @DocumentsUpload()
  async upload(
    @CurrentCaller() caller: Caller,
    @Query() query: UploadQuery,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileView> {
    const { file, replayed } = await this.uploads.receive(caller, request, query.name);
    request.seen = { ...request.seen, fileId: file.id };
    void reply.header('Location', `/v1/files/${file.id}`);
    if (replayed) void reply.header('Idempotency-Replayed', 'true');
    return fileView(file);
  }

  @Get()
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'The team’s files, newest first' })
  @ApiOkResponse({ description: 'One page', ...pageOf(FileView) })
  @FileProblems(400)
  list(@CurrentCaller() caller: Caller, @Query() query: FilesQuery) {
    return this.files.list(caller, query);
  }

  @Get(':id')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'What is known of a file' })
  @ApiOkResponse({ type: FileView })
  @FileProblems(404, 410)
  async get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<FileView> {
    return fileView(await this.files.get(caller, id));
  }

  @Get(':id/content')
  @NeedsScope('jobs:read')
  @DocumentsContent()
  async content(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.download.send(await this.files.get(caller, id), request, reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @NeedsScope('files:write')
  @ApiOperation({ summary: 'Delete a file for good', description: 'A job that still needs it fails with `file_gone`.' })
  @ApiNoContentResponse({ description: 'It is gone' })
  @FileProblems(404)
  remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.files.remove(caller, id);
  }
}
