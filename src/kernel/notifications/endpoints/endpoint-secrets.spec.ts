import { CannotOpen } from '../../config/aead.js';
import { MasterKey } from '../../config/master-key.js';
import { Pace } from '../../config/pace.js';
import { parseEnv } from '../../config/parse-env.js';
import { ServiceEnv } from '../../config/service.env.js';
import type { Database } from '../../database/database.js';
import { EndpointSecrets, endpointContext, oldSecretUntil, stillGood, teamContext } from './endpoint-secrets.js';
import type { SealedSecret } from './endpoint.entity.js';

const HOUR = 3_600;

/** Of a service with these master keys, whose team has this default secret. */
function secretsOf({ key = 'a', previous = '', ofTeam = [] as SealedSecret[] } = {}): EndpointSecrets {
  const env = parseEnv(ServiceEnv, {
    SIGNALBOX_MASTER_KEY: key.repeat(64),
    SIGNALBOX_MASTER_KEY_PREVIOUS: previous.repeat(64),
  });
  const database = { query: () => Promise.resolve([{ secrets: ofTeam }]) } as unknown as Database;
  return new EndpointSecrets(database, new Pace(env), new MasterKey(env));
}

const listed = (secrets: SealedSecret[]) => ({ id: 'e1', teamId: 't1', unlisted: false, secrets });
const ofE1 = endpointContext('e1');

describe('the secrets of an endpoint', () => {
  it('are what Standard Webhooks wants: whsec_ and 32 random bytes in base64', () => {
    const made = [1, 2].map(() => secretsOf().make(ofE1).secret);
    expect(new Set(made).size).toBe(2);
    for (const secret of made) {
      const text = secret.slice('whsec_'.length);
      expect(secret).toBe(`whsec_${Buffer.from(text, 'base64').toString('base64')}`);
      expect(Buffer.from(text, 'base64')).toHaveLength(32);
    }
  });

  it('are stored sealed, and open for their own endpoint alone', async () => {
    const { secret, stored } = secretsOf().make(ofE1);
    expect(JSON.stringify(stored)).not.toContain(secret.slice(6, 20));
    expect(await secretsOf().of(listed([stored]))).toEqual([secret]);
    await expect(secretsOf().of({ ...listed([stored]), id: 'e2' })).rejects.toThrow(CannotOpen);
    await expect(secretsOf({ key: 'b' }).of(listed([stored]))).rejects.toThrow(CannotOpen);
  });

  it('are its team’s where it is unlisted', async () => {
    const { secret, stored } = secretsOf().make(teamContext('t1'));
    const unlisted = { ...listed([]), unlisted: true };
    expect(await secretsOf({ ofTeam: [stored] }).of(unlisted)).toEqual([secret]);
    expect(await secretsOf().of(unlisted)).toEqual([]);
  });

  it('are the new one and the old one while one replaces the other, newest first', async () => {
    const secrets = secretsOf();
    const first = secrets.rotate(ofE1, [], HOUR);
    const second = secrets.rotate(ofE1, first.stored, HOUR);
    expect(await secrets.of(listed(second.stored))).toEqual([second.secret, first.secret]);
    const until = oldSecretUntil(second.stored);
    expect(Math.abs(Date.parse(until ?? '') - Date.now() - HOUR * 1_000)).toBeLessThan(5_000);
    const later = stillGood(second.stored, Date.now() + HOUR * 1_000 + 1);
    expect(await secrets.of(listed(later))).toEqual([second.secret]);
    expect([oldSecretUntil(first.stored), oldSecretUntil(later)]).toEqual([null, null]);
  });

  it('are one at once when there is no overlap, also of those that had longer', async () => {
    const secrets = secretsOf();
    const twice = secrets.rotate(ofE1, secrets.rotate(ofE1, [], HOUR).stored, HOUR);
    const alone = secrets.rotate(ofE1, twice.stored, 0);
    expect(await secrets.of(listed(alone.stored))).toEqual([alone.secret]);
  });

  it('never get more time by another rotation', () => {
    const secrets = secretsOf();
    const short = secrets.rotate(ofE1, secrets.rotate(ofE1, [], 0).stored, HOUR);
    const [, , oldest] = secrets.rotate(ofE1, short.stored, 10 * HOUR).stored;
    expect(oldest?.until).toBe(short.stored[1]?.until);
  });

  it('are five at most', () => {
    const secrets = secretsOf();
    let stored: SealedSecret[] = [];
    for (let i = 0; i < 5; i++) ({ stored } = secrets.rotate(ofE1, stored, HOUR));
    const problem = expect.objectContaining({ code: 'too_many_secrets' }) as Error;
    expect(() => secrets.rotate(ofE1, stored, HOUR)).toThrow(problem);
    expect(secrets.rotate(ofE1, stored, 0).stored).toHaveLength(1);
  });

  it('can be sealed anew under the present master key, which then opens them alone', async () => {
    const { secret, stored } = secretsOf({ key: 'a' }).make(ofE1);
    const turning = secretsOf({ key: 'b', previous: 'a' });
    const anew = turning.renewed(ofE1, [stored]);
    expect(await secretsOf({ key: 'b' }).of(listed(anew ?? []))).toEqual([secret]);
    expect(turning.renewed(ofE1, anew ?? [])).toBeNull();
    expect([turning.isTurning, secretsOf().isTurning]).toEqual([true, false]);
  });

  it('of the past do not stand in the way of sealing the others anew', async () => {
    const { stored: past } = secretsOf({ key: 'c' }).make(ofE1);
    const { secret, stored } = secretsOf({ key: 'a' }).make(ofE1);
    const both = [stored, { ...past, until: new Date(Date.now() - 1).toISOString() }];
    const anew = secretsOf({ key: 'b', previous: 'a' }).renewed(ofE1, both);
    expect(await secretsOf({ key: 'b' }).of(listed(anew ?? []))).toEqual([secret]);
  });
});
