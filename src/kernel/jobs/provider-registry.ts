import { Injectable } from '@nestjs/common';
import type { JobProvider, KindSpec } from './provider.js';
import { SECRET_PATH } from './secret-paths.js';
import { JSON_FORMAT } from './results/result-format.js';

/** All providers of this process. Everything that can be wrong with them is wrong at boot. */
@Injectable()
export class ProviderRegistry {
  private readonly providers = new Map<string, JobProvider>();
  private readonly kinds = new Map<string, { provider: JobProvider; spec: KindSpec }>();

  /** @throws when the name or one of the kinds is taken, or a kind's table makes no sense */
  register(provider: JobProvider): void {
    if (this.providers.has(provider.name)) throw new Error(`provider ${provider.name} is registered twice`);
    this.providers.set(provider.name, provider);
    for (const spec of provider.kinds) {
      if (this.kinds.has(spec.kind)) throw new Error(`kind ${spec.kind} is claimed twice`);
      checkSpec(spec);
      this.kinds.set(spec.kind, { provider, spec });
    }
  }

  all(): readonly JobProvider[] {
    return [...this.providers.values()];
  }

  kindNames(): readonly string[] {
    return [...this.kinds.keys()];
  }

  /** @throws for a kind that no enabled domain claims */
  ofKind(kind: string): { provider: JobProvider; spec: KindSpec } {
    const found = this.kinds.get(kind);
    if (!found) throw new Error(`no enabled domain does jobs of kind ${kind}`);
    return found;
  }

  /** The event types of a kind's announced phases. */
  announcedPhases(kind: string): ReadonlySet<string> {
    const phases = this.ofKind(kind).spec.phases.filter(({ announced }) => announced);
    return new Set(phases.map(({ name }) => `${kind}.${name}`));
  }

  /** The kinds that have secrets. */
  secretKinds(): readonly string[] {
    return [...this.kinds].filter(([, { spec }]) => spec.secret).map(([kind]) => kind);
  }

  /** The paths of a kind that are secret; none for a kind that no enabled domain claims (any more). */
  secretsOf(kind: string, part: 'input' | 'result'): readonly string[] {
    return this.kinds.get(kind)?.spec.secret?.[part] ?? [];
  }

  /** @throws for a provider that is not registered */
  named(name: string): JobProvider {
    const found = this.providers.get(name);
    if (!found) throw new Error(`there is no provider ${name}`);
    return found;
  }
}

function checkSpec(spec: KindSpec): void {
  const { withWebhook, withoutWebhook } = spec.checks;
  for (const rhythm of [withWebhook, withoutWebhook]) {
    if (rhythm.first <= 0 || rhythm.factor < 1 || rhythm.max < rhythm.first)
      throw new Error(`kind ${spec.kind}: checks never end up anywhere`);
  }
  if (spec.deadline <= withoutWebhook.first)
    throw new Error(`kind ${spec.kind}: the deadline comes before the first check`);
  if (new Set(spec.phases.map((phase) => phase.name)).size !== spec.phases.length) {
    throw new Error(`kind ${spec.kind}: a phase is named twice`);
  }
  for (const path of [...(spec.secret?.input ?? []), ...(spec.secret?.result ?? [])]) {
    if (!SECRET_PATH.test(path)) throw new Error(`kind ${spec.kind}: ${path} is no path to a secret`);
  }
  for (const [name, { mediaType }] of Object.entries(spec.formats ?? {})) {
    if (!/^[a-z0-9]+$/.test(name) || name === JSON_FORMAT.name || !/^[\w.+-]+\/[\w.+-]+(;|$)/.test(mediaType))
      throw new Error(`kind ${spec.kind}: the format ${name} cannot be asked for`);
  }
}
