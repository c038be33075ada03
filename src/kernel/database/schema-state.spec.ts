import { EnvironmentError } from '../config/parse-env.js';
import { compareSchema, refuseOtherSchema } from './schema-state.js';

describe('code and schema', () => {
  it.each([
    [['a', 'b'], ['a', 'b'], [], []],
    [['a', 'b'], ['b', 'a'], [], []],
    [['a', 'b'], [], ['a', 'b'], []],
    [['a'], ['a', 'b'], [], ['b']],
    [['a', 'c'], ['a', 'b'], ['c'], ['b']],
    [[], [], [], []],
  ])('with %j here and %j there lack %j there and %j here', (ours, theirs, pending, unknown) => {
    expect(compareSchema(ours, theirs)).toEqual({ pending, unknown });
  });

  it('that belong together may start', () => {
    expect(() => refuseOtherSchema({ pending: [], unknown: [] })).not.toThrow();
  });

  it('may not start when the database is older, and it is told how to mend it', () => {
    const start = () => refuseOtherSchema({ pending: ['Spine1', 'Spine2'], unknown: [] });
    expect(start).toThrow(EnvironmentError);
    expect(start).toThrow(
      'DATABASE_MIGRATE: the database is older than this release (Spine1, Spine2 not run yet); run `signalbox migrate` first',
    );
  });

  it('may not start when the database is newer, whatever else there is', () => {
    expect(() => refuseOtherSchema({ pending: ['Old'], unknown: ['New'] })).toThrow(
      'DATABASE_URL: the database is newer than this release (it has run New)',
    );
  });
});
