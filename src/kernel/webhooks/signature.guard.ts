import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Problem, notFound, providerNotConfigured, unavailable } from '../http/problem.js';
import type { RawRequest } from '../http/raw-body.js';
import { Callback } from '../jobs/callback.js';
import { AppLogger } from '../observability/app-logger.js';
import type { SeenRequest } from '../observability/request-log.js';
import { CannotVerifyNow, RefusedNotice } from './inbound-source.js';
import type { InboundSource, Notice } from './inbound-source.js';
import { NoticedJobs } from './noticed-jobs.js';
import { Refusals } from './refusals.js';
import { SourceRegistry } from './source-registry.js';

export type NoticeRequest = RawRequest & SeenRequest & { inbound?: { source: InboundSource; notice: Notice } };

/** Nothing unverified goes further: the signature first, on the bytes as they came; parsing after. */
@Injectable()
export class SignatureGuard implements CanActivate {
  constructor(
    private readonly sources: SourceRegistry,
    private readonly callback: Callback,
    private readonly refusals: Refusals,
    private readonly jobs: NoticedJobs,
    private readonly logger: AppLogger,
  ) {}

  /** No promise where the source needs none: each costs an inbound notice about a hundredth of its time. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<NoticeRequest>();
    const { source: name } = request.params as { source: string };
    const source = this.sources.named(name);
    if (!source || source.isOffered?.() === false) throw notFound('provider');
    const missing = source.missingKeys();
    if (missing.length > 0) throw providerNotConfigured(source.name, missing);
    const notice = this.noticeOf(request, source);
    request.logEvent = 'delivery.refused';
    request.seen = { ...request.seen, source: source.name, jobId: notice.callback?.jobId };
    const letIn = () => {
      request.inbound = { source, notice };
      return true;
    };
    const refuse = (error: unknown) => {
      throw this.refuse(source, notice, error);
    };
    try {
      const underWay = source.verify(notice.headers, notice.body);
      return underWay ? underWay.then(letIn, refuse) : letIn();
    } catch (error) {
      return refuse(error);
    }
  }

  private noticeOf(request: NoticeRequest, source: InboundSource): Notice {
    return {
      source: source.name,
      headers: request.raw.headers,
      body: request.rawBody ?? Buffer.alloc(0),
      receivedAt: new Date(),
      callback: this.callback.verify(source.provider, request.query as Record<string, unknown>),
      address: request.ip,
      requestId: request.id,
    };
  }

  private refuse(source: InboundSource, notice: Notice, error: unknown): Problem {
    if (error instanceof RefusedNotice) {
      this.refusals.record(source, notice, error.reason);
      if (error.genuine) this.jobs.nudgeFor(source, notice);
      return new Problem(401, 'signature_refused', `${error.reason}: ${error.message}`);
    }
    if (error instanceof CannotVerifyNow) return unavailable(error.message);
    this.logger.error('verify failed unexpectedly', { source: source.name, error });
    return unavailable('the notice cannot be verified now; send it again');
  }
}
