import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService, TypeOrmHealthIndicator } from '@nestjs/terminus';
import type { HealthCheckResult, HealthIndicatorResult } from '@nestjs/terminus';
import { RedisLink } from '../queue/redis-link.js';
import { Readiness } from './readiness.js';

const PING_MS = 500;

/**
 * For Kubernetes and for people. Liveness asks nothing; a vendor being down is a metric and no reason to be restarted.
 * Readiness asks Postgres and not Redis: without bells everything goes on, slower, but a process that is taken off the
 * road for it would turn lost bells into lost notices. The summary asks both. No error text leaves the process here,
 * only sentences of our own.
 */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: TypeOrmHealthIndicator,
    private readonly readiness: Readiness,
    @Inject(RedisLink) private readonly redisLink: RedisLink | null,
  ) {}

  @Get()
  @HealthCheck()
  @ApiOperation({ summary: 'Summary of all checks' })
  summary(): Promise<HealthCheckResult> {
    return this.health.check([() => this.process(), () => this.postgres(), ...this.redis()]);
  }

  @Get('live')
  @HealthCheck()
  @ApiOperation({ summary: 'The process runs' })
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('ready')
  @HealthCheck()
  @ApiOperation({ summary: 'The process wants traffic and reaches Postgres' })
  ready(): Promise<HealthCheckResult> {
    return this.health.check([() => this.process(), () => this.postgres()]);
  }

  @Get('startup')
  @HealthCheck()
  @ApiOperation({ summary: 'The process has started' })
  startup(): Promise<HealthCheckResult> {
    const check = this.indicators.check('process');
    return this.health.check([() => (this.readiness.current === 'starting' ? check.down() : check.up())]);
  }

  private process(): HealthIndicatorResult {
    const check = this.indicators.check('process');
    return this.readiness.current === 'ready' ? check.up() : check.down({ state: this.readiness.current });
  }

  private async postgres(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('postgres');
    try {
      await this.database.pingCheck('postgres', { timeout: PING_MS });
      return check.up();
    } catch {
      return check.down();
    }
  }

  /** Nothing to ask where no Redis is used. */
  private redis(): (() => Promise<HealthIndicatorResult>)[] {
    const link = this.redisLink;
    if (!link) return [];
    return [
      async () => {
        const check = this.indicators.check('redis');
        const trouble = await link.trouble();
        return trouble === null ? check.up() : check.down(trouble);
      },
    ];
  }
}
