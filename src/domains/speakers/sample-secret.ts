import { createHash } from 'node:crypto';
import { EnvironmentError } from '../../kernel/config/parse-env.js';

/** SHA-256 of the webhook secret that was published as a sample: whoever read that page can sign with it. */
const SAMPLE = 'cd46e161cd341a7089048846d1817419ad582b26dbb31edb58814d857802883a';

const FAULT =
  'PYANNOTEAI_WEBHOOK_SECRETS: one of them is a published sample, so anybody could sign notices with it; take the secret from the Webhooks page of the pyannoteAI dashboard';

/** Says so when the published sample is among the secrets. @throws {EnvironmentError} in production instead */
export function refuseSampleSecret(
  { secrets, production }: { secrets: readonly string[]; production: boolean },
  warn: (fault: string) => void,
  sample: string = SAMPLE,
): void {
  if (!secrets.some((secret) => createHash('sha256').update(secret, 'utf8').digest('hex') === sample)) return;
  if (production) throw new EnvironmentError([FAULT]);
  warn(FAULT);
}
