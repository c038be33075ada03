import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DatabaseModule } from '../database/database.module.js';
import { ApiKeyGuard } from './api-key.guard.js';
import { ApiKey } from './api-key.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditLog } from './audit-log.js';
import { Idempotency } from './idempotency.js';
import { IdempotencyKey } from './idempotency-key.entity.js';
import { KeysService } from './keys.service.js';
import { RateLimitModule } from './rate-limit.module.js';
import { Team } from './team.entity.js';
import { TeamsService } from './teams.service.js';

@Module({
  imports: [DatabaseModule, RateLimitModule, TypeOrmModule.forFeature([Team, ApiKey, IdempotencyKey, AuditEntry])],
  providers: [TeamsService, KeysService, AuditLog, Idempotency, ApiKeyGuard],
  exports: [RateLimitModule, TeamsService, KeysService, AuditLog, Idempotency, ApiKeyGuard],
})
export class TeamsModule {}
