import { createHash, createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { brokenPromises } from './promise-checker.js';
import type { KeptDelivery } from './promise-checker.js';
import { RELAY_TOKEN } from './relay.js';
import type { World } from './service.js';

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The seven promises, held against the trainings of a world. `foreign`: jobs whose result is not fal.ai’s. */
export async function brokenOfTrainings(world: World, foreign: readonly string[] = []): Promise<string[]> {
  const { jwksUrl, userId } = world.sandbox.fal;
  const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: JsonWebKey[] };
  const listed = keys.map((key) => createPublicKey({ key, format: 'jwk' }));
  const bySignature = ({ headers, body }: KeptDelivery): boolean => {
    const [request, user, time, signature = ''] = ['request-id', 'user-id', 'timestamp', 'signature'].map(
      (name) => headers[`x-fal-webhook-${name}`],
    );
    const text = Buffer.from([request, user, time, sha256(body)].join('\n'));
    return user === userId && listed.some((key) => verify(null, text, key, Buffer.from(signature, 'hex')));
  };
  const byToken = ({ headers }: KeptDelivery): boolean =>
    headers.authorization === `sha256:${sha256(`Bearer ${RELAY_TOKEN}`)}`;
  const record = await world.fal.record();
  const jobs = record.jobs.map((job) => ({
    ...job,
    type: 'training',
    request: { ...job.request, webhook: job.webhook },
  }));
  return brokenPromises({
    query: (sql, parameters) => world.db.query(sql, parameters),
    record: { ...record, jobs },
    webhookSecrets: [],
    proofs: { fal: bySignature, 'fal-relay': byToken },
    foreign,
  });
}
