import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ServiceEnv } from './kernel/config/service.env.js';
import { version } from './version.js';

const LINKS = { docs: '/docs', openapi: '/docs-json', health: '/health', metrics: '/metrics', jobs: '/v1/jobs' };

@ApiTags('operations')
@Controller()
export class RootController {
  constructor(private readonly env: ServiceEnv) {}

  @Get()
  @ApiOperation({ summary: 'Who answers here, and where to go on' })
  read(): { name: string; version: string; links: Record<string, string> } {
    return { name: 'signalbox', version, links: this.links() };
  }

  /** Only what is found behind the same port. */
  private links(): Record<string, string> {
    const { health, metrics, ...rest } = LINKS;
    if (this.env.ROLE === 'worker') return { health, metrics };
    return this.env.MANAGEMENT_PORT === 0 ? LINKS : rest;
  }
}
