import { sign } from './signature.js';

describe('the signature of a notice', () => {
  const secret = 'whs_0123456789abcdef0123456789abcdef';
  const body =
    '{"jobId":"00000000-0000-4000-8000-000000000001","status":"succeeded",' +
    '"output":{"diarization":[{"speaker":"SPEAKER_00","start":1.2,"end":3.4}]}}';

  it('is the known one for a known body, in both encodings', () => {
    expect(Buffer.byteLength(body)).toBe(143);
    expect(sign(secret, '1763700000', body)).toBe('7ff761f7f8aef81b70f314566dcc72f69ee0f23471d3a7b84329d30accfa7cb6');
    expect(sign(secret, '1763700000', body, 'base64')).toBe('f/dh9/iu+Btw8xRWbcxy9p7g8jRx06e4QynTCsz6fLY=');
  });
});
