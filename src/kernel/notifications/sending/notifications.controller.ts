import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems, pageOf } from '../../http/api-docs.js';
import { NeedsScope } from '../../teams/api-key.guard.js';
import { CurrentCaller } from '../../teams/caller.js';
import type { Caller } from '../../teams/caller.js';
import { NotificationQueries } from './notification-queries.js';
import { NotificationView } from './notification.view.js';
import { EndpointNotificationsQuery, NotificationsQuery } from './notifications.dto.js';
import { RedeliverRequest, RedeliveryPlanView, RedeliveryRunView } from './redelivery.dto.js';
import { Redelivery } from './redelivery.js';

@ApiTags('notifications')
@ApiExtraModels(NotificationView)
@Controller('v1')
export class NotificationsController {
  constructor(
    private readonly queries: NotificationQueries,
    private readonly redelivery: Redelivery,
  ) {}

  @Get('notifications')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'What the team’s endpoints were told, newest first' })
  @ApiOkResponse({ description: 'One page', ...pageOf(NotificationView) })
  @ApiProblems(400, 404)
  list(@CurrentCaller() caller: Caller, @Query() query: NotificationsQuery) {
    return this.queries.list(caller, query);
  }

  @Get('notifications/:id')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'One notification, with every try' })
  @ApiOkResponse({ type: NotificationView })
  @ApiProblems(404)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.queries.get(caller, id);
  }

  @Post('notifications/:id/redeliver')
  @HttpCode(202)
  @NeedsScope('endpoints:write')
  @ApiOperation({ summary: 'Send one again', description: 'Under the same `webhook-id`, with a new round of tries.' })
  @ApiAcceptedResponse({ type: NotificationView })
  @ApiProblems(404, 409, 410)
  redeliver(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.redelivery.one(caller, id);
  }

  @Get('endpoints/:id/notifications')
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'What one endpoint was told, newest first' })
  @ApiOkResponse({ description: 'One page', ...pageOf(NotificationView) })
  @ApiProblems(400, 404)
  ofEndpoint(@CurrentCaller() caller: Caller, @Param('id') id: string, @Query() query: EndpointNotificationsQuery) {
    return this.queries.list(caller, { ...query, endpoint: id });
  }

  @Post('endpoints/:id/redeliver')
  @HttpCode(200)
  @NeedsScope('endpoints:write')
  @ApiOperation({
    summary: 'Send again what one endpoint missed since a time',
    description: 'With `since`: a plan with the count, which sends nothing. With the `plan` of that answer: the run.',
  })
  @ApiOkResponse({ type: RedeliveryPlanView, description: 'The plan' })
  @ApiAcceptedResponse({ type: RedeliveryRunView, description: 'The run' })
  @ApiProblems(400, 403, 404, 409, 410)
  redeliverSince(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() wish: RedeliverRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    if (wish.plan === undefined) return this.redelivery.plan(caller, id, wish);
    void reply.status(202);
    return this.redelivery.run(caller, id, wish.plan);
  }
}
