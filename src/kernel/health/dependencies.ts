import { Injectable } from '@nestjs/common';

/** What else this process needs of others, where it is set up to need it: shown in the summary, and no reason not to be ready. */
@Injectable()
export class Dependencies {
  private readonly checks = new Map<string, () => Promise<boolean>>();

  /** @param answers never rejects */
  add(name: string, answers: () => Promise<boolean>): void {
    this.checks.set(name, answers);
  }

  all(): [name: string, answers: () => Promise<boolean>][] {
    return [...this.checks];
  }
}
