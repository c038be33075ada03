import { Injectable } from '@nestjs/common';
import type { Destination } from './destination.js';

const NAME = /^[a-z][a-z0-9_]{0,30}$/;

/** All destinations of this process. */
@Injectable()
export class DestinationRegistry {
  private readonly destinations = new Map<string, Destination>();

  /** @throws for a name that is taken or unfit: a boot error */
  register(destination: Destination): void {
    const { name } = destination;
    if (!NAME.test(name)) throw new Error(`${name} is no name for a destination`);
    if (this.destinations.has(name)) throw new Error(`destination ${name} is registered twice`);
    this.destinations.set(name, destination);
  }

  all(): readonly Destination[] {
    return [...this.destinations.values()];
  }

  named(name: string): Destination | undefined {
    return this.destinations.get(name);
  }
}
