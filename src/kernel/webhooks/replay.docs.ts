import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-docs.js';
import { DeliveryView } from './delivery.view.js';
import { BulkReplayRequest } from './replay.dto.js';
import { ReplayPlanView, ReplayRunView } from './replay.view.js';

/** Everything that the documentation says of `POST /v1/deliveries/{id}/replay`. */
export const DocumentsReplay = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Have one notice worked on again',
      description:
        'By the same processor, from the bytes that were kept. What had become of it stays to be seen (`replays`). Nothing moves backwards: news for a job that has ended is `ignored`. A dead notice gets another day. 409 `delivery_open` while it is being worked on; 410 `delivery_gone` when its day was dropped.',
    }),
    ApiAcceptedResponse({ type: DeliveryView }),
    ApiProblems(400, 404, 409, 410),
  );

const EXAMPLES = {
  plan: {
    summary: 'First: a plan. Nothing changes yet',
    value: { outcome: ['dead'], source: 'pyannote', after: '2026-11-20T00:00:00Z' },
  },
  run: { summary: 'Then: run it', value: { plan: 'eyJmaWx0ZXIi….…', reason: 'its jobs were restored' } },
};

/** Everything that the documentation says of `POST /v1/deliveries/replay`. */
export const DocumentsBulkReplay = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Have many notices worked on again: first a plan, then its run',
      description:
        'With a filter (`after`, and `outcome`, `source` or `job`) a 200 says what would be replayed. The same route with that `plan` runs it: exactly those that were closed when the plan was made, whatever came since. A plan is good for ten minutes and for the API key that made it. A second run replays of them only what is closed again and still fits. At most 10,000 at once; over it a 422 says how to narrow the time.',
    }),
    ApiBody({ type: BulkReplayRequest, examples: EXAMPLES }),
    ApiOkResponse({ type: ReplayPlanView, description: 'The plan' }),
    ApiAcceptedResponse({ type: ReplayRunView, description: 'The plan was run' }),
    ApiProblems(400, 410, 422),
  );
