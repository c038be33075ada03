import { Injectable } from '@nestjs/common';
import { DAY, Pace } from '../../kernel/config/pace.js';
import { ServiceEnv } from '../../kernel/config/service.env.js';
import { FilesService } from '../../kernel/files/files.service.js';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { outsideUrlFault } from '../../kernel/http/outside-url.js';
import { invalidField } from '../../kernel/http/problem.js';
import type { NewJob } from '../../kernel/jobs/job-intake.js';
import type { ReceiptRequest } from './receipt.dto.js';
import { READERS, STUB } from './receipt.kind.js';

/** A job waits for a week at most until it is worked on; its photo waits with it. */
const KEPT_FOR_JOB = 8 * DAY;

/** Turns one photo of a valid request into the job that is kept. */
@Injectable()
export class ReceiptOrders {
  constructor(
    private readonly files: FilesService,
    private readonly http: HttpEnv,
    private readonly service: ServiceEnv,
    private readonly pace: Pace,
  ) {}

  /** @throws a 400 for a photo that names neither or both of file and address, or an address that is not fetched */
  newJob(teamId: string, request: ReceiptRequest): Promise<NewJob> {
    const { url, file, name, page, debug, language, reader = READERS[0], labels, notifyUrl } = request;
    this.refuseReader(reader);
    if ((url == null) === (file == null)) throw invalidField('url', 'give either url or file');
    const fault = url == null ? null : this.urlFault(url);
    if (fault !== null) throw invalidField('url', fault);
    const input = { ...(file == null ? { url } : { file }), name, page, reader, language, debug };
    return Promise.resolve({
      kind: 'receipt',
      input: Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)),
      labels: labels ?? {},
      webhook: false,
      ...(notifyUrl == null ? {} : { notifyUrl }),
      ...(file == null ? {} : { provided: this.held(teamId, file) }),
    });
  }

  /** The stand-in for a reader far away is for the sandbox. @throws a 400 */
  refuseReader(reader: string | undefined): void {
    if (reader !== STUB || this.service.SIGNALBOX_SANDBOX) return;
    throw invalidField('reader', `must be one of ${READERS.join(', ')}`);
  }

  /** What is wrong with an address, or null. */
  urlFault(url: string): string | null {
    return outsideUrlFault(url, this.http.FETCH_ALLOW_CIDRS);
  }

  private held(teamId: string, file: string): NewJob['provided'] {
    return async (tx) => {
      if (await this.files.keepAlive(tx, teamId, file, this.pace.ms(KEPT_FOR_JOB))) return;
      throw invalidField('file', 'names no file of yours (any more); upload it with POST /v1/files');
    };
  }
}
