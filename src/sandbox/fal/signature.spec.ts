import { createPrivateKey, createPublicKey } from 'node:crypto';
import { sign } from './signature.js';

/** The PKCS #8 frame of an Ed25519 key (RFC 8410 section 7) before the seed of RFC 8032 section 7.1, test 1. */
const FRAME = '302e020100300506032b657004220420';
const SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';

describe('the signature of a notice', () => {
  const key = createPrivateKey({ key: Buffer.from(FRAME + SEED, 'hex'), format: 'der', type: 'pkcs8' });
  const body =
    '{"error": null, "gateway_request_id": "req-1", "payload": {"ok": true}, "request_id": "req-1", "status": "OK"}';

  it('is the known one for a known key and body', () => {
    expect(createPublicKey(key).export({ format: 'jwk' }).x).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
    expect(Buffer.byteLength(body)).toBe(110);
    expect(sign(key, { requestId: 'req-1', userId: 'user-1', timestamp: '1763700000', body })).toBe(
      '0f7f3ebd952ed07f529e89ed6e65b21e5d05d131b5fa31704a4db6aeee54245a' +
        'e1e885f61cb5f32f43bf789e3ba3221d211c070f089d04217db60b65d68ffa01',
    );
  });
});
