import { invalidField } from '../../http/problem.js';

/** Each job keeps all of its options: large ones (pasted voiceprints) times a thousand would be gigabytes. */
const MAX_INPUT = 32 * 1_024 * 1_024;

/** Adds up what the jobs of a batch keep. */
export class BatchSize {
  private items = 0;
  private size = 0;

  /** @throws a 400 when it is more than a batch may have */
  add(input: object): void {
    this.size += JSON.stringify(input).length;
    if (this.size > MAX_INPUT) {
      const most = `with these options ${this.items} items make ${MAX_INPUT / 1_024 ** 2} MiB, the most that a batch may have`;
      throw invalidField('items', `${most}; send smaller batches, or smaller options`);
    }
    this.items += 1;
  }
}
