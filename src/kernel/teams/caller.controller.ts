import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NeedsKey } from './api-key.guard.js';
import { CurrentCaller } from './caller.js';
import type { Caller } from './caller.js';
import { CallerView } from './key.view.js';
import { KeysService } from './keys.service.js';

@ApiTags('keys')
@Controller('v1/caller')
export class CallerController {
  constructor(private readonly keys: KeysService) {}

  @Get()
  @NeedsKey()
  @ApiOperation({ summary: 'Whose key this is: its team, scopes and end', description: 'For any valid key.' })
  @ApiOkResponse({ type: CallerView })
  async get(@CurrentCaller() { keyId, teamId, teamName }: Caller): Promise<CallerView> {
    return { team: { id: teamId, name: teamName }, key: await this.keys.get(keyId) };
  }
}
