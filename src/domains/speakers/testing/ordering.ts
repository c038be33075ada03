import type { Transaction } from '../../../kernel/database/database.js';
import { validationPipe } from '../../../kernel/http/validation.js';
import { Problem } from '../../../kernel/http/problem.js';
import type { FieldError } from '../../../kernel/http/problem.js';
import type { NewJob } from '../../../kernel/jobs/job-intake.js';
import { AudioOrders } from '../audio.orders.js';
import { DiarizationRequest } from '../diarization.dto.js';
import { DiarizationOrders } from '../diarization.orders.js';
import { IdentificationRequest } from '../identification.dto.js';
import { IdentificationOrders } from '../identification.orders.js';
import { KnownSpeakers } from '../known-speakers.js';
import { UploadedAudio } from '../uploaded-audio.js';
import { VoiceprintRequest } from '../voiceprint.dto.js';
import { VoiceprintOrders } from '../voiceprint.orders.js';
import { FilesOfOne, TEAM } from './files-of-one.js';
import { LibraryOf } from './library-of.js';
import { paceOf } from './stage.js';

export const url = 'https://files.example.com/a.wav';
export const TX = {} as Transaction;

interface Orders {
  newJob(teamId: string, request: object): Promise<NewJob>;
}

const ROUTES = {
  diarization: { request: DiarizationRequest, orders: (audio: AudioOrders) => new DiarizationOrders(audio) },
  voiceprint: { request: VoiceprintRequest, orders: (audio: AudioOrders) => new VoiceprintOrders(audio) },
  identification: {
    request: IdentificationRequest,
    orders: (audio: AudioOrders, library: LibraryOf) =>
      new IdentificationOrders(audio, new KnownSpeakers(library.service)),
  },
} as const;

export type Route = keyof typeof ROUTES;

/** What the route’s controller does with a body, and what making the job adds. */
export function ordering(route: Route, library = new LibraryOf()) {
  async function orderOf(body: unknown, allowed: string[] = [], files = new FilesOfOne()): Promise<NewJob> {
    const metatype = ROUTES[route].request;
    const request = (await validationPipe().transform(body, { type: 'body', metatype })) as object;
    const audio = new AudioOrders(
      { BODY_LIMIT: 1_024, FETCH_ALLOW_CIDRS: allowed, FETCH_ALLOW_HTTP: false },
      new UploadedAudio(files.service, paceOf()),
    );
    const orders: Orders = ROUTES[route].orders(audio, library);
    const { lookedUp, ...job } = await orders.newJob(TEAM, request);
    return { ...job, input: { ...job.input, ...(await lookedUp?.(TX)) } };
  }

  /** Every field that a 400 names. @throws whatever is no 400 */
  async function faultsOf(body: unknown, allowed?: string[], files?: FilesOfOne): Promise<readonly FieldError[]> {
    try {
      const { provided } = await orderOf(body, allowed, files);
      await provided?.(TX);
      return [];
    } catch (error) {
      if (error instanceof Problem && error.getStatus() === 400) return error.extras.errors ?? [];
      throw error;
    }
  }

  return { orderOf, faultsOf };
}

export const { orderOf, faultsOf } = ordering('diarization');
