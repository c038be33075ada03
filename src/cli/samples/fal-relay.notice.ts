import { randomUUID } from 'node:crypto';
import { parseEnv } from '../../kernel/config/parse-env.js';
import { signed } from '../../kernel/notifications/sending/standard-webhooks.js';
import { FalEnv } from '../../domains/training/fal.env.js';
import { standingOf } from '../../domains/training/fal.words.js';
import { isSigningSecret } from '../../domains/training/fal-relay.proof.js';
import type { VendorNotice } from './vendor-notice.js';

/** Some of the words that relays use. The first is what `trigger` says where nothing is asked for. */
const STATUSES = ['succeeded', 'completed', 'OK', 'failed', 'ERROR', 'cancelled', 'in_queue', 'in_progress'] as const;

const file = (name: string) => ({ url: `https://v3.fal.media/files/sample/${name}`, file_name: name });
const LORA = { diffusers_lora_file: file('lora.safetensors'), config_file: file('config.json') };

/** Of fal.ai itself there is no sample: nobody but fal.ai has the key that its notices are signed with. */
export const falRelayNotice: VendorNotice = {
  about: 'a relay of fal.ai: how a training stands, also one that was started elsewhere',
  path: '/webhooks/fal-relay',
  statuses: STATUSES,
  secretKey: 'FAL_RELAY_SECRET or FAL_RELAY_TOKEN',
  secret() {
    const { FAL_RELAY_SECRET, FAL_RELAY_TOKEN } = parseEnv(FalEnv);
    return [FAL_RELAY_SECRET, FAL_RELAY_TOKEN].find((secret) => secret !== '');
  },
  newJobId: () => randomUUID(),
  write({ status, job, secret }) {
    const body = JSON.stringify({ request_id: job, status, ...saying(status) });
    const proof = isSigningSecret(secret)
      ? signed(`msg_${randomUUID()}`, Math.floor(Date.now() / 1_000), body, [secret])
      : { authorization: `Bearer ${secret}` };
    return { headers: { 'Content-Type': 'application/json', ...proof }, body };
  },
};

function saying(status: string): object {
  const standing = standingOf(status);
  if (standing && 'open' in standing)
    return standing.open === 'in_progress' ? { progress: 42, message: 'training' } : {};
  if (standing?.ended === 'succeeded') return { result: LORA };
  return standing?.ended === 'failed' ? { error: 'The images could not be loaded.' } : {};
}
