import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseModule } from '../database/database.module.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { ApiKey } from './api-key.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit-log.js';
import { AuditQueries } from './audit-queries.js';
import { CallerController } from './caller.controller.js';
import { Idempotency } from './idempotency.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { KeyActs } from './key-acts.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { LimitSettings } from './limit-settings.js';
import { RateLimitModule } from './rate-limit.module.js';
import { Team } from './team.entity.js';
import { TeamLimit } from './team-limit.entity.js';
import { TeamLimits } from './team-limits.js';
import { TeamQueries } from './team-queries.js';
import { TeamUsage } from './team-usage.entity.js';
import { TeamsController } from './teams.controller.js';
import { TeamsService } from './teams.service.js';

@Module({
  imports: [
    DatabaseModule,
    ObservabilityModule,
    RateLimitModule,
    TypeOrmModule.forFeature([Team, ApiKey, IdempotencyKey, AuditEntry, TeamLimit, TeamUsage]),
  ],
  controllers: [TeamsController, KeysController, CallerController, AuditController],
  providers: [
    TeamsService,
    TeamQueries,
    KeysService,
    KeyActs,
    AuditLog,
    AuditQueries,
    TeamLimits,
    LimitSettings,
    Idempotency,
    ApiKeyGuard,
  ],
  exports: [
    RateLimitModule,
    TeamsService,
    TeamQueries,
    KeysService,
    KeyActs,
    AuditLog,
    TeamLimits,
    LimitSettings,
    Idempotency,
    ApiKeyGuard,
  ],
})
export class TeamsModule {}
