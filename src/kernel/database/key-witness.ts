import { Client } from 'pg';
import { Aead, CannotOpen } from '../config/aead.js';
import type { MasterKey } from '../config/master-key.js';

const CONTEXT = 'key_witness';
const WORDS = 'signalbox';

/**
 * `first`: nobody was asked before, and now the present key is known. `renewed`: it was the previous key's, and is the
 * present one's now. `stranger`: neither of them sealed it.
 */
export type Testimony = 'first' | 'same' | 'renewed' | 'stranger';

/** Whether the secrets of a database can be opened with our master key. What another key sealed is left as it is. */
export async function askKeyWitness(url: string, masterKey: Pick<MasterKey, 'derive'>): Promise<Testimony> {
  const aead = new Aead(masterKey, 'witness');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const mine = aead.seal(Buffer.from(WORDS, 'utf8'), CONTEXT);
    const sql = 'insert into key_witness (id, sealed) values (1, $1) on conflict do nothing';
    if ((await client.query(sql, [mine])).rowCount === 1) return 'first';
    const { rows } = await client.query<{ sealed: string }>('select sealed from key_witness where id = 1');
    const sealed = rows[0]?.sealed ?? '';
    aead.open(sealed, CONTEXT);
    if (aead.isCurrent(sealed)) return 'same';
    const anew = aead.renew(sealed, CONTEXT);
    await client.query('update key_witness set sealed = $2 where id = 1 and sealed = $1', [sealed, anew]);
    return 'renewed';
  } catch (error) {
    if (error instanceof CannotOpen) return 'stranger';
    throw error;
  } finally {
    await client.end();
  }
}

/** For whoever has to mend it. */
export const OTHER_KEY =
  'SIGNALBOX_MASTER_KEY: what is sealed in this database was sealed under another key; put that key back, or into SIGNALBOX_MASTER_KEY_PREVIOUS';
