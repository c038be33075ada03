import { Problem, invalidRequest } from '../../http/problem.js';
import type { FieldError } from '../../http/problem.js';

const MAX_NAMED = 100;

/** Gathers what is wrong with the items of a batch, under the paths that its caller knows. */
export class BatchFaults {
  private readonly named = new Map<string, FieldError>();

  /** Enough is wrong to send the batch back; nobody reads more. */
  get isFull(): boolean {
    return this.named.size >= MAX_NAMED;
  }

  /**
   * `options`: the batch's own, where the item was judged together with them; what is wrong with one of them is wrong once,
   * and not with every item. @throws whatever is no fault of a request
   */
  add(item: number, error: unknown, options: Readonly<Record<string, unknown>> = {}): void {
    const faults = error instanceof Problem && error.getStatus() === 400 ? error.extras.errors : undefined;
    if (!faults) throw error;
    for (const { field, detail } of faults) {
      const [name = ''] = /^[^.[]*/.exec(field) ?? [];
      const path = Object.hasOwn(options, name) ? `options.${field}` : pathIn(item, field);
      this.named.set(`${path}: ${detail}`, { field: path, detail });
    }
  }

  /** @throws a 400 that names every fault, or the first hundred */
  throwIfAny(): void {
    if (this.named.size === 0) return;
    const faults = [...this.named.values()].slice(0, MAX_NAMED);
    const more = { field: 'items', detail: `only the first ${MAX_NAMED} faults are named` };
    throw invalidRequest(this.isFull ? [...faults, more] : faults);
  }
}

function pathIn(item: number, field: string): string {
  return field === '' ? `items[${item}]` : `items[${item}].${field}`;
}
