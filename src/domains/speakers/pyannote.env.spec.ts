import { createHash } from 'node:crypto';
import { EnvironmentError, describeEnv, parseEnv } from '../../kernel/config/parse-env.js';
import { PyannoteEnv } from './pyannote.env.js';
import { refuseSampleSecret } from './sample-secret.js';

describe("pyannote's environment", () => {
  it('needs nothing', () => {
    expect(parseEnv(PyannoteEnv, {})).toEqual({
      PYANNOTEAI_API_KEY: '',
      PYANNOTEAI_WEBHOOK_SECRETS: [],
      PYANNOTEAI_BASE_URL: 'https://api.pyannote.ai',
      PYANNOTEAI_SIGNATURE_MAX_AGE: 900,
    });
  });

  it.each(['PYANNOTEAI_WEBHOOK_SECRETS', 'PYANNOTEAI_WEBHOOK_SECRET'])('reads the secrets from %s', (name) => {
    expect(parseEnv(PyannoteEnv, { [name]: 'whs_a, whs_b' }).PYANNOTEAI_WEBHOOK_SECRETS).toEqual(['whs_a', 'whs_b']);
  });

  it.each([
    { PYANNOTEAI_BASE_URL: 'api.pyannote.ai' },
    { PYANNOTEAI_BASE_URL: 'file:///etc/passwd' },
    { PYANNOTEAI_SIGNATURE_MAX_AGE: '0' },
    { PYANNOTEAI_SIGNATURE_MAX_AGE: 'a day' },
  ])('refuses %j', (env) => expect(() => parseEnv(PyannoteEnv, env)).toThrow(EnvironmentError));

  it('takes a base address without a dot', () => {
    expect(() => parseEnv(PyannoteEnv, { PYANNOTEAI_BASE_URL: 'http://localhost:8080' })).not.toThrow();
  });

  it('refuses a key that no header can carry, without showing it', () => {
    const parse = () => parseEnv(PyannoteEnv, { PYANNOTEAI_API_KEY: 'sk_secret\nsk_more' });
    expect(parse).toThrow('PYANNOTEAI_API_KEY: must be one line');
    expect(parse).not.toThrow('sk_secret');
  });

  it('keeps what is secret out of the logs', () => {
    const secret = describeEnv(PyannoteEnv).flatMap((key) => (key.secret ? [key.name] : []));
    expect(secret).toEqual(['PYANNOTEAI_API_KEY', 'PYANNOTEAI_WEBHOOK_SECRETS']);
  });

  describe('with a secret that everybody knows', () => {
    const sample = createHash('sha256').update('whs_known').digest('hex');
    const warn = jest.fn();
    const start = (secrets: string[], production: boolean) => refuseSampleSecret({ secrets, production }, warn, sample);
    beforeEach(() => warn.mockClear());

    it('does not start in production, however many good ones are beside it', () => {
      expect(() => start(['whs_own', 'whs_known'], true)).toThrow(EnvironmentError);
      expect(() => start(['whs_known'], true)).toThrow('PYANNOTEAI_WEBHOOK_SECRETS: one of them is a published sample');
      expect(() => start(['whs_own'], true)).not.toThrow();
    });

    it('warns elsewhere', () => {
      start(['whs_known'], false);
      expect(warn).toHaveBeenCalledTimes(1);
      start(['whs_own', ''], false);
      expect(warn).toHaveBeenCalledTimes(1);
    });
  });
});
