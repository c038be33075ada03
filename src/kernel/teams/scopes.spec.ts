import { sees, seesAllTeams } from './caller.js';
import { DEFAULT_SCOPES, SCOPES, isScope } from './scopes.js';
import type { Scope } from './scopes.js';

const caller = (...scopes: Scope[]) => ({ keyId: 'k', keyName: 'n', teamId: 't', teamName: 'default', scopes });

describe('a scope', () => {
  it.each(SCOPES)('may be %s', (scope) => {
    expect(isScope(scope)).toBe(true);
  });

  it.each(['', 'jobs', 'Jobs:read', 'jobs:read ', 'jobs:read,admin', '*', 'toString', '__proto__'])(
    'may not be %j',
    (text) => {
      expect(isScope(text)).toBe(false);
    },
  );

  it('that reaches across teams is given to nobody who did not ask for it', () => {
    expect(seesAllTeams(caller(...DEFAULT_SCOPES))).toBe(false);
    expect(DEFAULT_SCOPES.every(isScope)).toBe(true);
  });

  it('shows the rows of the own team in any case, those of others only to those who run the service', () => {
    expect([sees(caller(), 't'), sees(caller(...DEFAULT_SCOPES), 'other')]).toEqual([true, false]);
    expect([sees(caller('operate'), 'other'), sees(caller('admin'), 'other')]).toEqual([true, true]);
  });

  it.each(SCOPES)('%s shows the rows of all teams only to those who run the service', (scope) => {
    expect(seesAllTeams(caller(scope))).toBe(scope === 'operate' || scope === 'admin');
  });
});
