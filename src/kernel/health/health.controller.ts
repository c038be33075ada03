import { Controller, Get, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, HealthIndicatorService, TypeOrmHealthIndicator } from '@nestjs/terminus';
import type { HealthCheckResult, HealthIndicatorResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { RedisLink } from '../queue/redis-link.js';
import { within } from '../queue/within.js';
import { Dependencies } from './dependencies.js';
import { Readiness } from './readiness.js';

const PING_MS = 500;
/** Of somebody else's server, over the internet. */
const OTHERS_MS = 3_000;

type Indicator = () => HealthIndicatorResult | Promise<HealthIndicatorResult>;

/**
 * For Kubernetes and for people. Liveness asks nothing; a vendor being down is a metric and no reason to be restarted.
 * Readiness asks Postgres and not Redis: without bells everything goes on, slower, but a process that is taken off the
 * road for it would turn lost bells into lost notices. The summary asks both, and what else is set up. No error text leaves the process here,
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
    private readonly dependencies: Dependencies,
    @Inject(RedisLink) private readonly redisLink: RedisLink | null,
  ) {}

  @Get()
  @HealthCheck()
  @ApiOperation({ summary: 'Summary of all checks' })
  summary(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    return this.check(reply, [() => this.process(), () => this.postgres(), ...this.redis(), ...this.others()]);
  }

  @Get('live')
  @HealthCheck()
  @ApiOperation({ summary: 'The process runs' })
  live(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    return this.check(reply, []);
  }

  @Get('ready')
  @HealthCheck()
  @ApiOperation({ summary: 'The process wants traffic and reaches Postgres' })
  ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    return this.check(reply, [() => this.process(), () => this.postgres()]);
  }

  @Get('startup')
  @HealthCheck()
  @ApiOperation({ summary: 'The process has started' })
  startup(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    const check = this.indicators.check('process');
    return this.check(reply, [() => (this.readiness.current === 'starting' ? check.down() : check.up())]);
  }

  /** Health keeps its own shape when it is bad: probes and people read what is down, not a problem document. */
  private async check(reply: FastifyReply, indicators: Indicator[]): Promise<HealthCheckResult> {
    try {
      return await this.health.check(indicators);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  private process(): HealthIndicatorResult {
    const check = this.indicators.check('process');
    return this.readiness.current === 'ready' ? check.up() : check.down({ state: this.readiness.current });
  }

  private async postgres(): Promise<HealthIndicatorResult> {
    const check = this.indicators.check('postgres');
    // It never throws; what it found is copied without the error's text.
    const { postgres } = await this.database.pingCheck('postgres', { timeout: PING_MS });
    return postgres?.status === 'up' ? check.up() : check.down();
  }

  /** Nothing to ask where no Redis is used. */
  private redis(): Indicator[] {
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

  private others(): Indicator[] {
    return this.dependencies.all().map(([name, answers]) => async () => {
      const check = this.indicators.check(name);
      return (await within(OTHERS_MS, answers()).catch(() => false)) ? check.up() : check.down();
    });
  }
}
