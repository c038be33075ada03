import { Injectable } from '@nestjs/common';
import { isMultipart } from '../../kernel/files/multipart.js';
import { HttpEnv } from '../../kernel/http/http.env.js';
import { parseJsonBody } from '../../kernel/http/json-body.js';
import { Problem, invalidField } from '../../kernel/http/problem.js';
import { validationPipe } from '../../kernel/http/validation.js';
import { BatchIntake } from '../../kernel/jobs/batches/batch-intake.js';
import type { Caller, CallerRequest } from '../../kernel/teams/caller.js';
import { PhotoArrivals } from './photo-arrivals.js';
import { refuseIfNone } from './photo-entry.js';
import type { PhotoEntry } from './photo-entry.js';
import { ReceiptOptions, ReceiptsRequest } from './receipt.dto.js';
import { ReceiptOrders } from './receipt.orders.js';

export interface TakenReceipts {
  batch: string;
  entries: PhotoEntry[];
  replayed: boolean;
}

/** Takes a request with photos in: each of them becomes a job of one batch, or is refused in its own place. */
@Injectable()
export class ReceiptsIntake {
  private readonly pipe = validationPipe();

  constructor(
    private readonly arrivals: PhotoArrivals,
    private readonly orders: ReceiptOrders,
    private readonly batches: BatchIntake,
    private readonly env: HttpEnv,
  ) {}

  /** @throws a 400 for wrong fields, a 4xx where no photo can be taken, 409 and 422 from the idempotency key */
  async take(caller: Caller, request: CallerRequest, debug: boolean): Promise<TakenReceipts> {
    const isForm = isMultipart(request.raw.headers['content-type']);
    const { entries, options } = isForm ? await this.form(caller, request) : await this.list(caller, request);
    try {
      this.orders.refuseReader(options.reader);
      refuseIfNone(entries);
      const { labels, notifyUrl, reader, language } = options;
      const items = entries.flatMap(({ source, name, page }) => (source ? [{ ...source, name, page }] : []));
      const about = { labels, notifyUrl, options: given({ reader, language, debug: debug || undefined }) };
      const made = await this.batches.create(
        caller,
        { kind: 'receipt', items: items.map(given), ...given(about) },
        this.requestOf(request, { ...about, photos: entries.map(({ same }) => same) }),
      );
      if (isForm && made.replayed) await this.arrivals.forget(caller, entries);
      return { batch: made.id, entries, replayed: made.replayed };
    } catch (error) {
      // Anything but a refusal may have been committed: then the files are needed; if not, they expire.
      if (isForm && error instanceof Problem) await this.arrivals.forget(caller, entries);
      throw error;
    }
  }

  private async form(caller: Caller, request: CallerRequest) {
    const { entries, fields } = await this.arrivals.fromForm(caller, request.raw);
    try {
      if (entries.length === 0)
        throw invalidField('photos', 'there is no photo in the form; send parts with a file name');
      return { entries, options: await this.judged(ReceiptOptions, fields) };
    } catch (error) {
      await this.arrivals.forget(caller, entries);
      throw error;
    }
  }

  private async list(caller: Caller, request: CallerRequest) {
    const body = parseJsonBody(await this.whole(request), request.raw.headers['content-type']);
    const options = await this.judged(ReceiptsRequest, body);
    return { entries: await this.arrivals.fromList(caller, options.photos), options };
  }

  private async judged<T extends object>(Wanted: new () => T, body: object): Promise<T> {
    return (await this.pipe.transform(body, { type: 'body', metatype: Wanted })) as T;
  }

  private async whole({ raw }: CallerRequest): Promise<Buffer> {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of raw.iterator({ destroyOnReturn: false })) {
      size += (part as Buffer).length;
      if (size > this.env.BODY_LIMIT) throw new Problem(413, 'body_too_large', 'Request body is too large');
      parts.push(part as Buffer);
    }
    return Buffer.concat(parts);
  }

  /** The body was read here and not by Fastify, which saw no headers of it either. */
  private requestOf({ raw, method, id, routeOptions }: CallerRequest, body: object) {
    const key = raw.headers['idempotency-key'];
    if (Array.isArray(key)) throw invalidField('idempotency-key', 'must be sent once');
    const route = `${method} ${routeOptions.url ?? ''}`;
    return { route, body, requestId: id, ...(key === undefined ? {} : { idempotencyKey: key }) };
  }
}

/** Without what was not given. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Partial<T>;
}
