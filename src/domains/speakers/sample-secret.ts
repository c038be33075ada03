import { createHash } from 'node:crypto';

/** SHA-256 of the webhook secret that was published as a sample: whoever read that page can sign with it. */
const SAMPLE = 'cd46e161cd341a7089048846d1817419ad582b26dbb31edb58814d857802883a';

export const SAMPLE_SECRET_FAULT =
  'PYANNOTEAI_WEBHOOK_SECRETS: one of them is a published sample, so anybody could sign notices with it; take the secret from the Webhooks page of the pyannoteAI dashboard';

/** Whether the published sample is among the secrets. */
export function hasSampleSecret(secrets: readonly string[]): boolean {
  return secrets.some((secret) => createHash('sha256').update(secret, 'utf8').digest('hex') === SAMPLE);
}
