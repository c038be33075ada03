import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { getSchemaPath } from '@nestjs/swagger';
import { ApiProblems } from '../../kernel/http/api-docs.js';
import { TrainingRequest } from './training.dto.js';
import { DryRunView, TrainingView } from './training.view.js';
import { TRAINERS } from './trainers.js';

const url = 'https://files.example.com/anna.zip';
const file = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';

const EXAMPLES = {
  portrait: { summary: 'A person, from a zip', value: { type: 'portrait', url, triggerWord: 'annaphoto' } },
  style: {
    summary: 'A style, from images that were uploaded before',
    value: { type: 'style', files: [file], triggerWord: 'inkwash', captions: { 'harbour.jpg': 'a harbour' } },
  },
  trainer: {
    summary: 'A trainer by its id, from a zip that was uploaded before',
    value: { trainer: 'fal-ai/turbo-flux-trainer', file, triggerWord: 'ohwx', steps: 1_000, trainingStyle: 'subject' },
  },
};

const HEADERS = {
  Location: { description: 'Where the job is: `/v1/jobs/{id}`', schema: { type: 'string' as const } },
  ETag: { description: 'Version of the job', schema: { type: 'string' as const } },
  'Idempotency-Replayed': { description: '`true`: the job of an earlier request', schema: { type: 'string' as const } },
};

const list = (retired: boolean) =>
  TRAINERS.filter((trainer) => Boolean(trainer.retired) === retired)
    .map(({ id }) => `\`${id}\``)
    .join(', ');

const DESCRIPTION = [
  'The job’s `result`, once it is `succeeded`, is the output of the trainer as it came.',
  'Images are JPEG, PNG or WebP; every uploaded one is decoded before the training costs anything, the first hundred of them while you wait. None is refused for there being too few of them: see `warnings`.',
  `Trainers: ${list(false)}. Retired: ${list(true)}.`,
  'The vendor judges how many steps and which learning rate it takes.',
  'Sent to the vendor once at most: if its answer gets lost, the job is `unconfirmed` and never sent again by itself. An option that is null counts as left out.',
].join(' ');

/** Everything that the documentation says of `POST /v1/trainings`. */
export const DocumentsTraining = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(TrainingView, DryRunView),
    ApiOperation({ summary: 'Train a model on images', description: DESCRIPTION }),
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'Your own id of this request: sent again with the same body it gives the same job',
      required: false,
    }),
    ApiHeader({
      name: 'Prefer',
      description: '`wait=30` holds the answer until the job is settled, 60 s at most',
      required: false,
    }),
    ApiBody({ type: TrainingRequest, examples: EXAMPLES }),
    ApiAcceptedResponse({
      description: 'Accepted, or not settled within the wait',
      type: TrainingView,
      headers: HEADERS,
    }),
    ApiOkResponse({
      description: 'With `dryRun`, what it would do; else the job, settled within the wait',
      schema: { oneOf: [{ $ref: getSchemaPath(DryRunView) }, { $ref: getSchemaPath(TrainingView) }] },
    }),
    ApiProblems(400, 402, 409, 413, 422, 429, 503),
  );
