import { EnvironmentError } from '../kernel/config/parse-env.js';
import { EmbeddedPostgresError } from '../kernel/database/embedded/embedded-postgres.js';
import { notFound } from '../kernel/http/problem.js';
import { explain } from './explain.js';
import { Mistake } from './mistake.js';

const failed = (code: string, message = `connect ${code}`, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

describe('what went wrong, for a person', () => {
  it('is the sentence that it comes with', () => {
    const environment = new EnvironmentError(['PORT: "x" is not a number']);
    expect(explain(environment)).toBe('The environment is not right:\n  - PORT: "x" is not a number');
    expect(explain(new EmbeddedPostgresError('The disk is full.'))).toBe('The disk is full.');
    expect(explain(new Mistake('--scopes: "x" is none of ours'))).toBe('--scopes: "x" is none of ours');
    expect(explain(notFound('team'))).toBe('there is no such team');
  });

  it.each<[string, Error, string]>([
    [
      'a port that is taken',
      failed('EADDRINUSE', 'listen EADDRINUSE: address already in use', { port: 8000 }),
      'Port 8000 is taken by another program; choose one with --port (0 = any free one).',
    ],
    [
      'a port that is not for everybody',
      failed('EACCES', 'listen EACCES: 0.0.0.0:80'),
      'Not allowed: listen EACCES: 0.0.0.0:80',
    ],
    [
      'a database that does not answer',
      failed('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'),
      'Nothing answers where DATABASE_URL points (connect ECONNREFUSED 127.0.0.1:5432).',
    ],
    ['a wrong password', failed('28P01', 'hush'), 'Postgres refused the password in DATABASE_URL.'],
    [
      'a database that is not there',
      failed('3D000', 'database "x" does not exist'),
      'The database of DATABASE_URL does not exist: database "x" does not exist',
    ],
  ])('is one sentence for %s', (_, error, sentence) => {
    expect(explain(error)).toBe(sentence);
  });

  it('names the address when a host has several and none of them answers', () => {
    const each = [
      failed('ECONNREFUSED', 'connect ECONNREFUSED ::1:5432'),
      failed('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432'),
    ];
    // This is what Node makes of it: the code of the first, and no message.
    const error = Object.assign(new AggregateError(each), { code: 'ECONNREFUSED' });
    expect(explain(error)).toBe('Nothing answers where DATABASE_URL points (connect ECONNREFUSED ::1:5432).');
  });

  it('is the stack where nobody foresaw it', () => {
    const error = new TypeError('x of undefined');
    expect(explain(error)).toBe(error.stack);
    expect(explain(new AggregateError([], 'nothing in it'))).toContain('nothing in it');
  });

  it('is the message where there is no stack', () => {
    expect(explain(Object.assign(new Error('short'), { stack: undefined }))).toBe('short');
  });

  it.each([
    ['a text', 'a text'],
    [null, 'null'],
    [undefined, 'undefined'],
    [7, '7'],
  ])('is the thing itself where no error was thrown: %j', (thrown, text) => {
    expect(explain(thrown)).toBe(text);
  });
});
