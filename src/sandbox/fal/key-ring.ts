import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';

interface Pair {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export interface Jwk {
  kty: string;
  crv: string;
  x: string;
  kid?: string;
}

/** The keys that all notices of the vendor are signed with, whoever's they are. The newest signs. */
export class KeyRing {
  /** Signs, and is in no list. */
  readonly stranger = newPair().privateKey;
  private pairs: Pair[];

  constructor(private readonly withIds: boolean) {
    this.pairs = [newPair(), newPair()];
  }

  get current(): KeyObject {
    const [pair] = this.pairs;
    if (pair === undefined) throw new Error('there is always a key');
    return pair.privateKey;
  }

  /** With `drop` the old ones are forgotten at once; else they stay listed. */
  rotate(drop: boolean): void {
    this.pairs = [newPair(), ...(drop ? [] : this.pairs)];
  }

  list(): { keys: Jwk[] } {
    return { keys: this.pairs.map((pair) => jwk(pair, this.withIds)).reverse() };
  }
}

function newPair(): Pair {
  return { kid: randomUUID(), ...generateKeyPairSync('ed25519') };
}

function jwk({ kid, publicKey }: Pair, withId: boolean): Jwk {
  const { kty, crv, x } = publicKey.export({ format: 'jwk' });
  if (kty === undefined || crv === undefined || x === undefined) throw new Error('not an Ed25519 key');
  return { kty, crv, x, ...(withId ? { kid } : {}) };
}
