import { compareSchema, refuseOtherSchema } from './schema-state.js';

describe('the schema of a database', () => {
  it('fits when the same migrations have run', () => {
    const state = compareSchema(['A1', 'B2'], ['A1', 'B2']);
    expect(state).toEqual({ pending: [], unknown: [] });
    expect(() => refuseOtherSchema(state)).not.toThrow();
  });

  it('is older when some have not', () => {
    expect(() => refuseOtherSchema(compareSchema(['A1', 'B2', 'C3'], ['A1']))).toThrow(/older .*B2, C3.*migrate/);
  });

  it('is newer when it has run some that are unknown here, whatever else is missing', () => {
    expect(() => refuseOtherSchema(compareSchema(['A1', 'B2'], ['A1', 'C3']))).toThrow(/newer .*C3/);
  });
});
