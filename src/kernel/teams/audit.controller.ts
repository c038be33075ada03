import { Controller, Get, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, pageOf } from '../http/api-docs.js';
import { NeedsScope } from './api-key.guard.js';
import { AuditQuery, AuditView } from './audit.dto.js';
import { AuditQueries } from './audit-queries.js';

@ApiTags('audit')
@ApiExtraModels(AuditView)
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly queries: AuditQueries) {}

  @Get()
  @NeedsScope('admin')
  @ApiOperation({
    summary: 'Who administered what, newest first',
    description:
      'Teams and their limits, keys, endpoints, jobs settled by hand or canceled for another team, replays, imports: each entry was written together with its act. There is no secret in it, and no route that changes it.',
  })
  @ApiOkResponse({ description: 'One page', ...pageOf(AuditView) })
  @ApiProblems(400, 404)
  list(@Query() query: AuditQuery) {
    return this.queries.page(query);
  }
}
