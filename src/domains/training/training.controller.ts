import { Body, Controller, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NeedsScope } from '../../kernel/teams/api-key.guard.js';
import type { CallerRequest } from '../../kernel/teams/caller.js';
import { TrainingAnswer } from './training.answer.js';
import { DocumentsTraining } from './training.docs.js';
import { TrainingRequest } from './training.dto.js';
import { TrainingQuery } from './training.view.js';

@ApiTags('training')
@Controller('v1/trainings')
export class TrainingController {
  constructor(private readonly answer: TrainingAnswer) {}

  @Post()
  @NeedsScope('jobs:write')
  @DocumentsTraining()
  submit(
    @Query() query: TrainingQuery,
    @Body() body: TrainingRequest,
    @Req() request: CallerRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return query.dryRun === true ? this.answer.dryRun(request, reply, body) : this.answer.submit(request, reply, body);
  }
}
