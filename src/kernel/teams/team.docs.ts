import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems, pageOf } from '../http/api-docs.js';
import { TeamDetailView, TeamView } from './team.view.js';

const text = { type: 'string' as const };

export const DocumentsTeam = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Make a team', description: 'It has no limits and no keys yet. Audited.' }),
    ApiCreatedResponse({
      type: TeamDetailView,
      headers: { Location: { description: 'Where the team is: `/v1/teams/{id}`', schema: text } },
    }),
    ApiProblems(400, 409),
  );

export const DocumentsTeams = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'All teams and their limits, by name' }),
    ApiOkResponse({ description: 'One page', ...pageOf(TeamView) }),
    ApiProblems(400),
  );

export const DocumentsLimits = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Set the limits of a team',
      description:
        'They hold for what is submitted from then on: beyond `openJobs`, `jobsPerDay` and `uploadBytes` a request is refused with 429 `limit_reached`, beyond `monthlyBudget` with 402 `budget_exceeded`. A batch counts all of its jobs, and is taken as a whole or not at all; a repeated request with the same `Idempotency-Key` does not count again. A job that ends before it was sent gives its price back. Work that a vendor’s notice opens is never refused. Audited.',
    }),
    ApiOkResponse({ type: TeamDetailView }),
    ApiProblems(400, 404),
  );
