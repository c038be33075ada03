import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ProblemView, problemResponse } from './kernel/http/api-docs.js';
import { version } from './version.js';

const TAGS: readonly [string, string][] = [
  ['speakers', 'Who spoke when, and whose voice it was'],
  ['training', 'Models of a face or a style, trained on images'],
  ['models', 'What trainings made, with its files in our own storage'],
  ['receipts', 'Photos of receipts: cleaned, read, checked'],
  ['jobs', 'Asynchronous work: state, timeline, results'],
  ['stream', 'What happens, as it happens'],
  ['batches', 'Many jobs with one request'],
  ['endpoints', 'Where your team is told of what happens'],
  ['notifications', 'What your endpoints were told, and how that went'],
  ['files', 'Uploads, and results too large for a job'],
  ['teams', 'Who owns jobs, and what they may have and spend'],
  ['keys', 'What teams call with'],
  ['audit', 'Who administered what'],
  ['deliveries', 'Notices of vendors, kept byte by byte'],
  ['inbound', 'Where vendors deliver'],
  ['operations', 'Health, metrics, who answers here'],
];

/** `/docs` for people, `/docs-json` for programs: drawn up when somebody asks for it first, since that takes as long as all modules. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const urls = { jsonDocumentUrl: 'docs-json', yamlDocumentUrl: 'docs-yaml' };
  SwaggerModule.setup('docs', app, () => openApi(app), urls);
}

function openApi(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Signalbox')
    .setDescription('Submit a job, forget it, be told. Errors are RFC 9457 problem documents.')
    .setVersion(version)
    .setLicense('Proprietary', 'https://example.com/license')
    .addServer('/', 'This service')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An API key: `sbx_…` (signalbox keys create)' },
      'apiKey',
    );
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [ProblemView],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  complete(document);
  return document;
}

/** What is true of every route: it can fail on our side, and it is open to all unless it says otherwise. */
function complete(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const operation of [item.get, item.post, item.put, item.patch, item.delete]) {
      if (!operation) continue;
      operation.security ??= [];
      operation.responses['500'] ??= problemResponse(500);
    }
  }
}
