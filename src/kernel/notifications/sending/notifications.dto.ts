import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { MadeWithinQuery } from '../../http/query-lists.js';
import { NOTIFICATION_STATES } from './notification.entity.js';
import type { NotificationState } from './notification.entity.js';

export class EndpointNotificationsQuery extends MadeWithinQuery {
  @ApiPropertyOptional({ enum: NOTIFICATION_STATES, enumName: 'NotificationState' })
  @IsOptional()
  @IsIn(NOTIFICATION_STATES, { message: `must be one of ${NOTIFICATION_STATES.join(', ')}` })
  status?: NotificationState;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only what tells of this job' })
  @IsOptional()
  @IsUUID('all', { message: 'must be the id of a job' })
  job?: string;
}

export class NotificationsQuery extends EndpointNotificationsQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only those for this endpoint' })
  @IsOptional()
  @IsUUID('all', { message: 'must be the id of an endpoint' })
  endpoint?: string;
}
