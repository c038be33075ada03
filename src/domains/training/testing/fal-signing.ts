import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** What stands before a seed in the PKCS #8 form of an Ed25519 key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
/** RFC 8032, section 7.1, TEST 1 and TEST 2. */
const SEEDS = [
  '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
] as const;

const keyOf = (seed: string): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.from(seed, 'hex')]), format: 'der', type: 'pkcs8' });

/** Two key pairs: the one that fal.ai signs with, and the one that it will sign with, or somebody else does. */
export const [FAL_KEY_1, FAL_KEY_2] = [keyOf(SEEDS[0]), keyOf(SEEDS[1])];

/** The JWK set that such keys are published in. */
export function jwks(...keys: readonly KeyObject[]): { keys: object[] } {
  return { keys: keys.map((key) => createPublicKey(key).export({ format: 'jwk' })) };
}

export interface Signing {
  requestId?: string;
  userId?: string;
  timestamp?: string;
  key?: KeyObject;
}

/** The headers of a notice as fal.ai signs it, written down from its documentation and not from our code. */
export function signedByFal(
  body: Buffer,
  { requestId = 'req-1', userId = 'user-1', timestamp = '1763700000', key = FAL_KEY_1 }: Signing = {},
): Record<string, string> {
  const sha = createHash('sha256').update(body).digest('hex');
  return {
    'x-fal-webhook-request-id': requestId,
    'x-fal-webhook-user-id': userId,
    'x-fal-webhook-timestamp': timestamp,
    'x-fal-webhook-signature': sign(null, Buffer.from(`${requestId}\n${userId}\n${timestamp}\n${sha}`), key).toString(
      'hex',
    ),
  };
}
