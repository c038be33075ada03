import { EmbeddedPostgresError, explainFileError, orOwnPostgres } from './embedded-postgres.error.js';

describe('explainFileError', () => {
  it.each([
    ['EACCES', '/p cannot be read and written by this user; change its owner'],
    ['EROFS', '/p is on a read-only file system; move the project'],
    ['ENOSPC', 'The disk that holds /p is full; free some space'],
    ['ENOTDIR', '/p has to be a folder, but a file is in its place; move that file away'],
  ])('%s becomes a sentence', (code, sentence) => {
    const error = explainFileError(Object.assign(new Error('x'), { code }), '/p');
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(error).toHaveProperty('message', `${sentence}, or set DATABASE_URL to a Postgres of your own.`);
  });

  it('leaves alone what it does not understand, and what is a sentence already', () => {
    const strange = new Error('strange');
    const sentence = orOwnPostgres('No');
    expect(explainFileError(strange, '/p')).toBe(strange);
    expect(explainFileError(sentence, '/p')).toBe(sentence);
  });
});
