import { Client } from 'pg';
import { jobIdOf } from './notice.js';
import { readFile } from 'node:fs/promises';

/** Every notice that was acked during the bench: the vendor's job id in its body, and the delivery id that was answered. */
export class Acked {
  private readonly ids = new Map<string, string>();

  add(slab: number, acked: readonly (readonly [number, string])[]): void {
    for (const [index, deliveryId] of acked) this.ids.set(jobIdOf(slab, index), deliveryId);
  }

  get count(): number {
    return this.ids.size;
  }

  /** "Acked means committed", looked up: each is in the inbox once, under the id that was answered, its bytes intact. */
  async check(url: string): Promise<void> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<{ id: string; ref: string; whole: boolean }>(
        `select d.id, d.refs ->> 0 as ref, encode(sha256(d.body), 'hex') = d.delivery_id and l.body_sha = sha256(d.body) as whole
         from deliveries d join delivery_ids l on l.inbox_id = d.id`,
      );
      const seen = new Set<string>();
      for (const { id, ref, whole } of rows) {
        if (seen.has(ref)) throw new Error(`the notice of ${ref} is in the inbox twice`);
        if (!whole) throw new Error(`the notice of ${ref} is not in the inbox as it was sent`);
        if (this.ids.get(ref) !== id)
          throw new Error(`the notice of ${ref} was acked as ${this.ids.get(ref)}, kept as ${id}`);
        seen.add(ref);
      }
      if (seen.size !== this.ids.size) throw new Error(`${this.ids.size} notices were acked, ${seen.size} are kept`);
    } finally {
      await client.end();
    }
  }
}

/** How many request lines a log has that tell of an answer of 200. */
export async function requestLines(file: string): Promise<number> {
  const text = await readFile(file, 'utf8');
  return text.split('\n').filter((line) => line.includes('"msg":"request"') && line.includes('"status":200')).length;
}
