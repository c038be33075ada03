import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiExtraModels, ApiNoContentResponse } from '@nestjs/swagger';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem, ApiProblems, pageOf } from '../../http/api-docs.js';
import { EndpointView, NewEndpointView } from './endpoint.view.js';
import { DefaultSecretView, NewSecretView } from './secret.view.js';

const NoSuchEndpoint = () =>
  ApiProblem(404, { title: 'Not Found', code: 'endpoint_not_found', detail: 'there is no such endpoint' });

const Conflict = (code: string, detail: string) => ApiProblem(409, { title: 'Conflict', code, detail });
const Twin = () => Conflict('endpoint_exists', 'the team has this address already, as endpoint 019a…');
const Disabled = () =>
  Conflict('endpoint_disabled', 'it is disabled (by hand); PATCH it with {"disabled": false} first');
const ManySecrets = () =>
  Conflict('too_many_secrets', '5 secrets would sign beside the new one; wait, or give a smaller overlapSeconds');

export const DocumentsNewEndpoint = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Ask to be told of your jobs (audited)',
      description:
        'Each event that it subscribes to is sent there, signed as of Standard Webhooks by a secret of its own, which this answer shows and no other. A team has 20 endpoints at most.',
    }),
    ApiCreatedResponse({ type: NewEndpointView }),
    Twin(),
    ApiProblems(400, 503),
  );

export const DocumentsEndpoints = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(EndpointView),
    ApiOperation({ summary: 'The team’s endpoints, newest first; without those of the `notifyUrl` of jobs' }),
    ApiOkResponse({ description: 'One page', ...pageOf(EndpointView) }),
    ApiProblems(400),
  );

export const DocumentsEndpoint = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'One endpoint, and how it is doing' }),
    ApiOkResponse({ type: EndpointView }),
    NoSuchEndpoint(),
  );

export const DocumentsChange = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Change, disable or enable an endpoint (audited)',
      description:
        'What is left out stays. Enabled again, it is sent all that has waited for it, its failures forgotten.',
    }),
    ApiOkResponse({ type: EndpointView }),
    NoSuchEndpoint(),
    Twin(),
    ApiProblems(400, 503),
  );

export const DocumentsRemoval = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Delete an endpoint (audited)',
      description:
        'Its secrets are gone for good, and what waits for it is dropped; what it was sent stays to be read.',
    }),
    ApiNoContentResponse({ description: 'It is gone' }),
    NoSuchEndpoint(),
  );

export const DocumentsTest = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Send the event `endpoint.test` to it, whatever it subscribes to (audited)',
      description: '`notification` is the `webhook-id` that arrives.',
    }),
    ApiAcceptedResponse({
      schema: {
        type: 'object',
        required: ['notification'],
        properties: { notification: { type: 'string', format: 'uuid' } },
      },
    }),
    NoSuchEndpoint(),
    Disabled(),
  );

export const DocumentsRotation = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Give an endpoint a new secret, shown this once (audited)',
      description:
        'The older ones sign beside it for `overlapSeconds`: each message then has a signature by each of them.',
    }),
    ApiOkResponse({ type: NewSecretView }),
    NoSuchEndpoint(),
    ManySecrets(),
    ApiProblems(400),
  );

export const DocumentsDefaultSecret = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ summary: 'Whether the team has a default secret; never the secret itself' }),
    ApiOkResponse({ type: DefaultSecretView }),
  );

export const DocumentsNewDefaultSecret = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      summary: 'Make or rotate the team’s default secret, shown this once (audited)',
      description:
        'It signs what goes to the `notifyUrl` of jobs. Where there is one already, it signs beside the new one for `overlapSeconds`.',
    }),
    ApiOkResponse({ type: NewSecretView }),
    ManySecrets(),
    ApiProblems(400),
  );
