import type { EnvClass } from '../kernel/config/parse-env.js';
import { PhotosModule } from './photos/photos.module.js';
import { SpeakersModule } from './speakers/speakers.module.js';
import { TrainingModule } from './training/training.module.js';

/** A Nest module of one domain; `env` lists what its vendor is told, so that one boot checks the whole environment. */
export type DomainModule = (new (...collaborators: never[]) => object) & { readonly env: readonly EnvClass[] };

/** The one line that registers a domain, and with it its provider and its inbound source. */
export const domains = [SpeakersModule, TrainingModule, PhotosModule] as const satisfies readonly DomainModule[];
