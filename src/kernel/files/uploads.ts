import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../config/pace.js';
import { invalidField } from '../http/problem.js';
import type { Caller, CallerRequest } from '../teams/caller.js';
import { FileIntake } from './file-intake.js';
import { safeName } from './file-name.js';
import { FilesEnv } from './files.env.js';
import { emptyFile, uploadIncomplete } from './files.problems.js';
import { FilesService } from './files.service.js';
import type { StoredFile } from './stored-file.entity.js';
import { openUpload } from './open-upload.js';
import { Transfers } from './transfers.js';

/** A caller that sends nothing for so long is gone. */
export const UPLOAD_IDLE = 60 * SECOND;

export interface Received {
  file: StoredFile;
  /** It is the file of an earlier request. */
  replayed: boolean;
}

/** A request with a file in it, from its first byte to the row. */
@Injectable()
export class Uploads {
  constructor(
    private readonly intake: FileIntake,
    private readonly files: FilesService,
    private readonly transfers: Transfers,
    private readonly env: FilesEnv,
    private readonly pace: Pace,
  ) {}

  /** @throws 400, 409, 413, 422, 429, 507; then nothing of it is kept */
  receive(caller: Caller, request: CallerRequest, name?: string): Promise<Received> {
    return this.transfers.follow(request.raw.socket, this.take(caller, request, name));
  }

  private async take(caller: Caller, request: CallerRequest, name?: string): Promise<Received> {
    const { raw } = request;
    const idempotencyKey = raw.headers['idempotency-key'];
    if (Array.isArray(idempotencyKey)) throw invalidField('Idempotency-Key', 'must be sent once');
    const { socket } = raw;
    socket.setTimeout(this.pace.patience(UPLOAD_IDLE));
    const body = await openUpload(raw);
    try {
      const { id, replayed } = await this.intake.add({
        ...body,
        teamId: caller.teamId,
        name: safeName(name ?? body.name),
        purpose: 'upload',
        livesMs: this.pace.ms(this.env.FILES_TTL * SECOND),
        maxBytes: this.env.FILES_MAX_BYTES,
        whole: async (size) => {
          await body.whole();
          if (size === 0) throw emptyFile();
        },
        ...(idempotencyKey === undefined
          ? {}
          : { idempotency: { route: `POST ${request.routeOptions.url ?? ''}`, key: idempotencyKey } }),
      });
      return { file: await this.files.get(caller, id), replayed };
    } catch (error) {
      body.abandon();
      throw raw.destroyed && !raw.complete ? uploadIncomplete() : error;
    } finally {
      socket.setTimeout(0);
    }
  }
}
