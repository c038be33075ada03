import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems, pageOf } from '../http/api-docs.js';
import { NeedsScope } from '../teams/api-key.guard.js';
import { CurrentCaller } from '../teams/caller.js';
import type { Caller } from '../teams/caller.js';
import { DeliveriesQuery, RefusalsQuery } from './archive.dto.js';
import { Archive } from './archive.js';
import { DeliverySummaryView, DeliveryView, RefusalView } from './delivery.view.js';

@ApiTags('deliveries')
@ApiExtraModels(DeliverySummaryView, RefusalView)
@Controller('v1')
export class ArchiveController {
  constructor(private readonly archive: Archive) {}

  @Get('deliveries')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'Notices that came in, newest first' })
  @ApiOkResponse({ description: 'One page', ...pageOf(DeliverySummaryView) })
  @ApiProblems(400)
  list(@CurrentCaller() caller: Caller, @Query() query: DeliveriesQuery) {
    return this.archive.list(caller, query);
  }

  @Get('deliveries/:id')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'One notice: headers, exact bytes, verdict, outcome, job, repeats, replays' })
  @ApiOkResponse({ type: DeliveryView })
  @ApiProblems(404, 410)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.archive.get(caller, id);
  }

  @Get('refusals')
  @NeedsScope('operate')
  @ApiOperation({ summary: 'Notices that were not believed, newest first' })
  @ApiOkResponse({ description: 'One page', ...pageOf(RefusalView) })
  @ApiProblems(400)
  refusals(@Query() query: RefusalsQuery) {
    return this.archive.refusals(query);
  }
}
