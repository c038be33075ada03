import { Injectable } from '@nestjs/common';
import type { InboundSource } from './inbound-source.js';

/** All inbound sources of this process, by name and by original address. */
@Injectable()
export class SourceRegistry {
  private readonly byName = new Map<string, InboundSource>();
  private readonly byPath = new Map<string, InboundSource>();

  /** @throws when the name or one of the addresses is taken: a boot error */
  register(source: InboundSource): void {
    if (this.byName.has(source.name)) throw new Error(`inbound source ${source.name} is registered twice`);
    this.byName.set(source.name, source);
    for (const path of source.paths) {
      if (this.byPath.has(path)) throw new Error(`inbound address ${path} is claimed twice`);
      this.byPath.set(path, source);
    }
  }

  all(): readonly InboundSource[] {
    return [...this.byName.values()];
  }

  named(name: string): InboundSource | undefined {
    return this.byName.get(name);
  }

  /** `/webhook?x=1` → `/webhooks/pyannote?x=1`; any other address as it is. */
  rewrite(url: string): string {
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const source = this.byPath.get(path);
    return source ? `/webhooks/${source.name}${mark === -1 ? '' : url.slice(mark)}` : url;
  }
}
