import { Controller, Get } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { pageOf } from '../../http/api-docs.js';
import type { Page } from '../../http/pagination.js';
import { NeedsScope } from '../../teams/api-key.guard.js';
import { EventTypes } from '../event-types.js';
import type { EventType } from '../event-types.js';

export class EventTypeView {
  @ApiProperty({ example: 'diarization.succeeded' })
  type: string;

  @ApiProperty({ description: 'When it is announced', example: 'a diarization is succeeded' })
  about: string;
}

@ApiTags('endpoints')
@ApiExtraModels(EventTypeView)
@Controller('v1/event-types')
export class EventTypesController {
  constructor(private readonly types: EventTypes) {}

  @Get()
  @NeedsScope('jobs:read')
  @ApiOperation({ summary: 'Every event that endpoints may be told of' })
  @ApiOkResponse({ description: 'All of them', ...pageOf(EventTypeView) })
  list(): Page<EventType> {
    return { items: [...this.types.all()], nextCursor: null };
  }
}
