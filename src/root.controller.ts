import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { version } from './version.js';

@ApiTags('operations')
@Controller()
export class RootController {
  @Get()
  @ApiOperation({ summary: 'Who answers here, and where to go on' })
  read(): { name: string; version: string; links: Record<string, string> } {
    return {
      name: 'signalbox',
      version,
      links: { docs: '/docs', openapi: '/docs-json', health: '/health', metrics: '/metrics', jobs: '/v1/jobs' },
    };
  }
}
