import { sqlState } from './database.js';

describe('the state of a failed statement', () => {
  it.each<[string, unknown, string | undefined]>([
    ['the driver’s own', Object.assign(new Error('x'), { code: '23505' }), '23505'],
    ['inside the error of TypeORM', Object.assign(new Error('x'), { driverError: { code: '40001' } }), '40001'],
    ['none when it is no text', { code: 42 }, undefined],
    ['the inner one when the outer is no text', { code: 42, driverError: { code: '40P01' } }, '40P01'],
    ['none of an ordinary error', new Error('x'), undefined],
    ['none of nothing', null, undefined],
    ['none of nothing at all', undefined, undefined],
    ['none of a text', 'broken', undefined],
  ])('is %s', (_, error, state) => {
    expect(sqlState(error)).toBe(state);
  });
});
