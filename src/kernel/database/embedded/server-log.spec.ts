import { lastWordsIn } from './server-log.js';
import { whyItPasses } from './start-server.js';

const at = '2026-11-21 11:09:00.084 UTC [4646] ';

describe('the last words of a server', () => {
  it('are its gravest lines', () => {
    const log = `${at}LOG:  starting PostgreSQL 18.4\n${at}PANIC:  could not read file "global/pg_control"\n${at}LOG:  database system is shut down\n`;
    expect(lastWordsIn(log)).toBe('PANIC: could not read file "global/pg_control"');
    expect(whyItPasses(lastWordsIn(log))).toBeNull();
  });

  it('are its last lines when none is grave', () => {
    expect(lastWordsIn('postgres: could not find the database system\nExpected to find it in "/data"\n\n')).toBe(
      'postgres: could not find the database system Expected to find it in "/data"',
    );
    expect(lastWordsIn('')).toBe('');
  });

  it('tell a taken port from what does not pass', () => {
    const log = `${at}LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\n${at}FATAL:  could not create any TCP/IP sockets\n`;
    expect(whyItPasses(lastWordsIn(log))).toBe('port');
  });

  it('tell that sessions of a killed server are still there', () => {
    const words = lastWordsIn(`${at}FATAL:  pre-existing shared memory block (key 1187862, ID 2) is still in use\n`);
    expect(whyItPasses(words)).toBe('survivors');
  });
});
