import { Pace } from '../../../kernel/config/pace.js';
import { ServiceEnv } from '../../../kernel/config/service.env.js';
import type { Transaction } from '../../../kernel/database/database.js';
import { HttpEnv } from '../../../kernel/http/http.env.js';
import { Problem } from '../../../kernel/http/problem.js';
import type { FieldError } from '../../../kernel/http/problem.js';
import { validationPipe } from '../../../kernel/http/validation.js';
import { ImagesOrders } from '../images.orders.js';
import type { TrainingInput } from '../training-input.js';
import { TrainingRequest } from '../training.dto.js';
import { TrainingOrders } from '../training.orders.js';
import { UploadedArchive } from '../uploaded-archive.js';
import { UploadedPhotos } from '../uploaded-photos.js';
import { TEAM, TeamFiles } from './team-files.js';

export const url = 'https://files.example.com/anna.zip';

/** What the route does with a body. */
export function ordering(files = new TeamFiles()) {
  const [env, service] = [new HttpEnv(), files.service];
  const [archive, photos] = [new UploadedArchive(service), new UploadedPhotos(service)];
  const orders = new TrainingOrders(env, new ImagesOrders(env, service, archive, photos, new Pace(new ServiceEnv())));

  const requestOf = async (body: unknown) =>
    (await validationPipe().transform(body, { type: 'body', metatype: TrainingRequest })) as TrainingRequest;
  const orderOf = async (body: unknown) => orders.newJob(TEAM, await requestOf(body));
  const inputOf = async (body: unknown) => (await orderOf(body)).input as unknown as TrainingInput;
  const dryRunOf = async (body: unknown) => orders.dryRun(TEAM, await requestOf(body));

  /** Every field that a 400 names. @throws whatever is no 400 */
  async function faultsOf(body: unknown): Promise<readonly FieldError[]> {
    try {
      await (await orderOf(body)).provided?.({} as Transaction);
      return [];
    } catch (error) {
      if (error instanceof Problem && error.getStatus() === 400) return error.extras.errors ?? [];
      throw error;
    }
  }

  return { orderOf, inputOf, dryRunOf, faultsOf, archive, photos };
}
