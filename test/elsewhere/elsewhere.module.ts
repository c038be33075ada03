import { Injectable, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HOUR, MINUTE } from '../../src/kernel/config/pace.js';
import type { Change } from '../../src/kernel/jobs/change.js';
import { JobsModule } from '../../src/kernel/jobs/jobs.module.js';
import type { Asking, JobProvider, KindSpec, ProviderJob, VerifiedNotice } from '../../src/kernel/jobs/provider.js';
import { ProviderRegistry } from '../../src/kernel/jobs/provider-registry.js';
import type { Headers, Identity, InboundSource } from '../../src/kernel/webhooks/inbound-source.js';
import { RefusedNotice } from '../../src/kernel/webhooks/inbound-source.js';
import { SourceRegistry } from '../../src/kernel/webhooks/source-registry.js';
import { WebhooksModule } from '../../src/kernel/webhooks/webhooks.module.js';

/** A notice of the tiny vendor, whose errands anybody may start. */
export interface ErrandNotice {
  errand: string;
  state?: 'runs' | 'done';
  /** Whose it is. */
  team?: string;
  /** Another text makes another notice. */
  n?: number;
  /** Says one thing and its opposite. */
  torn?: boolean;
}

const rhythm = { first: 30 * MINUTE, factor: 2, max: HOUR };

const errand: KindSpec = {
  kind: 'errand',
  deadline: 4 * HOUR,
  checks: { withWebhook: rhythm, withoutWebhook: rhythm },
  phases: [],
  resubmit: 'never',
  price: () => 5,
};

const told = (body: Buffer) => JSON.parse(body.toString()) as ErrandNotice;

/** How it answers the next submit is for the test to say. */
@Injectable()
export class Errands implements JobProvider {
  static answer: () => Promise<Change> = () => Promise.reject(new Error('nobody said how'));
  readonly name = 'errands';
  readonly kinds = [errand];

  missingKeys(): readonly string[] {
    return [];
  }

  async submit(_job: ProviderJob, asking: Asking): Promise<Change> {
    await asking();
    return Errands.answer();
  }

  interpret({ body }: VerifiedNotice): Promise<Change | null> {
    const { errand: externalId, state } = told(body);
    if (state === 'done') return Promise.resolve({ to: 'succeeded', result: { ran: externalId }, externalId });
    return Promise.resolve(state === 'runs' ? { to: 'running', progress: 0.5, externalId } : null);
  }

  check(): Promise<Change> {
    return Promise.resolve({});
  }
}

@Injectable()
export class ErrandSource implements InboundSource {
  readonly name: string = 'errands';
  readonly provider = 'errands';
  readonly paths: readonly string[] = ['/errands'];
  readonly secretHeaders = [];

  missingKeys(): readonly string[] {
    return [];
  }

  verify(headers: Headers): void {
    if (headers['x-errand'] !== 'yes') throw new RefusedNotice('wrong_word', 'X-Errand is not "yes"');
  }

  identify(_headers: Headers, body: Buffer): Identity {
    const { errand: externalId, team = 'default' } = told(body);
    const work = { kind: 'errand', externalId, team, input: { from: 'elsewhere' }, facts: { origin: 'elsewhere' } };
    return { deliveryId: body.toString(), refs: [externalId], opens: work };
  }

  contradiction(_headers: Headers, body: Buffer): string | null {
    return told(body).torn ? 'it says yes and no' : null;
  }
}

/** Nobody has set it up, and it is no secret that is missing. */
@Injectable()
export class UnwantedSource extends ErrandSource {
  override readonly name = 'unwanted';
  override readonly paths = ['/old/unwanted'];

  isOffered(): boolean {
    return false;
  }
}

@Module({ imports: [JobsModule, WebhooksModule], providers: [Errands, ErrandSource, UnwantedSource] })
export class ElsewhereModule implements OnModuleInit {
  static readonly env = [] as const;

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly sources: SourceRegistry,
    private readonly provider: Errands,
    private readonly source: ErrandSource,
    private readonly unwanted: UnwantedSource,
  ) {}

  onModuleInit(): void {
    this.providers.register(this.provider);
    this.sources.register(this.source);
    this.sources.register(this.unwanted);
  }
}
