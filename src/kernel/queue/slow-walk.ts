const FIRST = '00000000-0000-0000-0000-000000000000';

/** Goes through a table by id, one batch per step, so that nobody else waits for it; rests when it has come to the end. */
export class SlowWalk {
  private after = FIRST;
  private restsUntil = 0;

  /** @param restMs milliseconds from the end of one walk to the beginning of the next */
  constructor(
    private readonly batch: number,
    private readonly restMs: number,
  ) {}

  /** `read` gives the rows after an id, in order, that many at most. Returns how many of them `each` changed. */
  async step<R extends { id: string }>(
    read: (after: string, most: number) => Promise<R[]>,
    each: (row: R) => Promise<boolean>,
  ): Promise<number> {
    if (performance.now() < this.restsUntil) return 0;
    const rows = await read(this.after, this.batch);
    let changed = 0;
    for (const row of rows) {
      if (await each(row)) changed += 1;
      this.after = row.id;
    }
    if (rows.length < this.batch) {
      this.after = FIRST;
      this.restsUntil = performance.now() + this.restMs;
    }
    return changed;
  }
}
