import { parseEnv } from '../kernel/config/parse-env.js';
import { newSecret } from '../kernel/notifications/sending/standard-webhooks.js';
import { ClientEnv } from './client.env.js';
import { Mistake } from './mistake.js';

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** The secret that is meant: of the option, else of the environment, else a new one. @throws {Mistake} */
export function signingSecret(option: string | undefined): { secret: string; isNew: boolean } {
  const given = option ?? parseEnv(ClientEnv).SIGNALBOX_SECRET;
  if (given === '') return { secret: newSecret(), isNew: true };
  const bytes = SECRET.exec(given)?.[1] ?? '';
  // Receivers' packages take no loose base64.
  if (bytes === '' || Buffer.from(bytes, 'base64').toString('base64') !== bytes) {
    throw new Mistake('the secret must be whsec_ and base64, as POST /v1/endpoints shows it');
  }
  return { secret: given, isNew: false };
}
