import type { Transaction } from '../../../kernel/database/database.js';
import { validationPipe } from '../../../kernel/http/validation.js';
import { Problem } from '../../../kernel/http/problem.js';
import type { FieldError } from '../../../kernel/http/problem.js';
import { DiarizationRequest } from '../diarization.dto.js';
import { DiarizationOrders } from '../diarization.orders.js';
import { UploadedAudio } from '../uploaded-audio.js';
import { FilesOfOne, TEAM } from './files-of-one.js';
import { paceOf } from './stage.js';

export const url = 'https://files.example.com/a.wav';

/** What the controller does with a body. */
export async function orderOf(body: unknown, allowed: string[] = [], files = new FilesOfOne()) {
  const pipe = validationPipe();
  const request = (await pipe.transform(body, { type: 'body', metatype: DiarizationRequest })) as DiarizationRequest;
  const audio = new UploadedAudio(files.service, paceOf());
  return new DiarizationOrders({ BODY_LIMIT: 1_024, FETCH_ALLOW_CIDRS: allowed }, audio).newJob(TEAM, request);
}

/** Every field that a 400 names. @throws whatever is no 400 */
export async function faultsOf(body: unknown, allowed?: string[], files?: FilesOfOne): Promise<readonly FieldError[]> {
  try {
    const { provided } = await orderOf(body, allowed, files);
    await provided?.({} as Transaction);
    return [];
  } catch (error) {
    if (error instanceof Problem && error.getStatus() === 400) return error.extras.errors ?? [];
    throw error;
  }
}
