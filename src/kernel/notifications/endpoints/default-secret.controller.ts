import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NeedsScope } from '../../teams/api-key.guard.js';
import { CurrentCaller } from '../../teams/caller.js';
import type { Caller } from '../../teams/caller.js';
import { DefaultSecrets } from './default-secrets.js';
import { RotationRequest } from './endpoint.dto.js';
import { DocumentsDefaultSecret, DocumentsNewDefaultSecret } from './endpoints.docs.js';

@ApiTags('endpoints')
@Controller('v1/endpoints/default-secret')
export class DefaultSecretController {
  constructor(private readonly secrets: DefaultSecrets) {}

  @Get()
  @NeedsScope('jobs:read')
  @DocumentsDefaultSecret()
  view(@CurrentCaller() caller: Caller) {
    return this.secrets.view(caller);
  }

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @NeedsScope('endpoints:write')
  @DocumentsNewDefaultSecret()
  makeOrRotate(@CurrentCaller() caller: Caller, @Body() { overlapSeconds }: RotationRequest) {
    return this.secrets.makeOrRotate(caller, overlapSeconds);
  }
}
