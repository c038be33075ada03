import { SnakeNaming } from './snake-naming.js';

describe('a column', () => {
  const naming = new SnakeNaming();

  it.each([
    ['id', 'id'],
    ['externalId', 'external_id'],
    ['cancelRequestedAt', 'cancel_requested_at'],
  ])('for %s is called %s', (property, column) => {
    expect(naming.columnName(property, undefined)).toBe(column);
  });

  it('keeps a name that was given by hand', () => {
    expect(naming.columnName('externalId', 'vendorId')).toBe('vendorId');
  });
});
