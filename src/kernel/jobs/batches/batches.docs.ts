import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-docs.js';
import { BatchRequest } from './batch.dto.js';
import { BatchCancelView, BatchView } from './batch.view.js';

const EXAMPLES = {
  urls: {
    summary: 'Two recordings, one set of options',
    value: {
      kind: 'diarization',
      options: { minSpeakers: 2, maxSpeakers: 4 },
      labels: { archive: '2026-47' },
      items: [
        { url: 'https://files.example.com/1.wav', labels: { meeting: '1' } },
        { url: 'https://files.example.com/2.wav', labels: { meeting: '2' } },
      ],
    },
  },
};

/** Everything that the documentation says of `POST /v1/batches`. */
export const DocumentsBatch = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Submit up to 1,000 jobs with one request',
      description:
        'One kind, one set of options, a job per item; all of them or none. What a kind’s route says of one recording alone (the `label` of a voiceprint) goes with the item. **A request with something wrong in it is refused as a whole**, and every wrong field is named by its path (`items[17].url`, `options.minSpeakers`; the first hundred): nothing was sent to the vendor, and the corrected request may bear the same `Idempotency-Key`. What turns out only at the vendor (an address with nothing behind it, a file that is no audio) **fails that job alone**; the batch goes on, and its archive lists the failures. `batch.finished` is announced once, when the last job is settled, `expired` included.',
    }),
    ApiHeader({
      name: 'Idempotency-Key',
      description: 'Your own id of this request: sent again with the same body it gives the same batch',
      required: false,
    }),
    ApiBody({ type: BatchRequest, examples: EXAMPLES }),
    ApiAcceptedResponse({
      type: BatchView,
      headers: {
        Location: { description: 'Where the batch is: `/v1/batches/{id}`', schema: { type: 'string' } },
        'Idempotency-Replayed': { description: '`true`: the batch of an earlier request', schema: { type: 'string' } },
      },
    }),
    ApiProblems(400, 402, 409, 413, 422, 429, 503),
  );

export const DocumentsCancel = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Cancel what of a batch can be canceled',
      description:
        'Jobs that were not handed out end at once. 202: the vendor of some is being asked. Jobs that no vendor can stop go on, and are counted (`goOn`).',
    }),
    ApiOkResponse({ type: BatchCancelView }),
    ApiAcceptedResponse({ type: BatchCancelView }),
    ApiProblems(404),
  );

export const DocumentsResults = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'All results of a batch as one archive',
      description:
        'A `.tar.gz` with one JSON file per job, in the order of the items, and `manifest.json` at its end, which lists the failures, and the jobs that are still open when the batch is not finished yet.',
    }),
    ApiProduces('application/gzip'),
    ApiOkResponse({
      description: 'The archive',
      content: { 'application/gzip': { schema: { type: 'string', format: 'binary' } } },
    }),
    ApiProblems(404),
  );
