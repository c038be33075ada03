import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem, ApiProblems, pageOf } from '../../kernel/http/api-docs.js';
import { DocumentsSubmit } from './submit.docs.js';
import { VoiceprintRequest } from './voiceprint.dto.js';
import { VoiceprintResult } from './voiceprint.result.js';
import { VoiceprintView } from './voiceprint.view.js';

const url = 'https://files.example.com/anna.wav';

const EXAMPLES = {
  library: { summary: 'Anna’s voice, for the library', value: { url, label: 'Anna' } },
  result: { summary: 'A print for your own keeping', value: { url, library: false } },
};

/** Everything that the documentation says of `POST /v1/voiceprints`. */
export const DocumentsVoiceprint = () =>
  DocumentsSubmit({
    summary: 'Make a print of one person’s voice',
    description:
      'Audio of one person, 30 s and 100 MiB at most. Once the job is succeeded the print goes into your library as well, under `label` and an id of its own (the job’s `followUps` show when); a person may have several. Prints are stored encrypted, left out of lists, and shown to your own team only.',
    request: VoiceprintRequest,
    result: VoiceprintResult,
    examples: EXAMPLES,
  });

export const DocumentsLibrary = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(VoiceprintView),
    ApiOperation({ summary: 'The prints in your team’s library, newest first, without the prints themselves' }),
    ApiOkResponse({ description: 'One page', ...pageOf(VoiceprintView) }),
    ApiProblems(400),
  );

export const DocumentsPrint = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'One entry of the library, with its print' }),
    ApiOkResponse({ type: VoiceprintView }),
    NoSuchPrint(),
    ApiProblems(503),
  );

export const DocumentsRename = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Give a print another name (audited)',
      description: 'Jobs that used it stay as they are.',
    }),
    ApiOkResponse({ type: VoiceprintView }),
    NoSuchPrint(),
    ApiProblems(400),
  );

export const DocumentsForgetting = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Delete a print from the library for good (audited)',
      description: 'Jobs that made or used it keep their own sealed copy until they are deleted themselves.',
    }),
    ApiNoContentResponse({ description: 'It is gone' }),
    NoSuchPrint(),
  );

const NoSuchPrint = () =>
  ApiProblem(404, { title: 'Not Found', code: 'voiceprint_not_found', detail: 'there is no such voiceprint' });
