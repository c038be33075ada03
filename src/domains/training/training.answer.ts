import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { JobAnswer } from '../../kernel/jobs/job-answer.js';
import { callerOf } from '../../kernel/jobs/request-of.js';
import type { CallerRequest } from '../../kernel/teams/caller.js';
import type { TrainingRequest } from './training.dto.js';
import type { DryRunView, TrainingView } from './training.view.js';
import type { TrainingInput } from './training-input.js';
import { TrainingOrders } from './training.orders.js';

/** How a request for a training is answered: with its job and warnings, or with what it would do. */
@Injectable()
export class TrainingAnswer {
  constructor(
    private readonly orders: TrainingOrders,
    private readonly answer: JobAnswer,
  ) {}

  async submit(request: CallerRequest, reply: FastifyReply, body: TrainingRequest): Promise<TrainingView> {
    const job = await this.orders.newJob(callerOf(request).teamId, body);
    const view = await this.answer.submit(request, reply, job);
    return { ...view, warnings: (view.input as unknown as TrainingInput).warnings ?? [] };
  }

  async dryRun(request: CallerRequest, reply: FastifyReply, body: TrainingRequest): Promise<DryRunView> {
    const view = await this.orders.dryRun(callerOf(request).teamId, body);
    void reply.status(200);
    return view;
  }
}
