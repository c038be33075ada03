import { whyNotMade } from './make-cluster.js';
import { majorIn } from './postgres-binaries.js';

describe('why a database could not be made', () => {
  it('is a full disk', () => {
    const output = 'creating configuration files ... initdb: error: could not write file: No space left on device\n';
    expect(whyNotMade('/p/data', { exitCode: 1, output })).toBe('The disk that holds /p/data is full; free some space');
  });

  it('is a user that the system does not know, as in a container with a made-up uid', () => {
    const output = 'initdb: error: could not look up effective user ID 1234: user does not exist\n';
    expect(whyNotMade('/p/data', { exitCode: 1, output })).toContain('no user with the id 1234');
  });

  it('is what initdb said, otherwise', () => {
    const output = 'ok\ninitdb: error: could not create directory\ninitdb: removing contents of data directory\n';
    expect(whyNotMade('/p/data', { exitCode: 1, output })).toBe(
      'The database in /p/data could not be made (initdb: error: could not create directory); look at that folder and its disk',
    );
  });

  it('is what the system said when initdb did not even start', () => {
    const startError = new Error('spawn initdb EPERM');
    expect(whyNotMade('/p/data', { exitCode: null, output: '', startError })).toContain('(spawn initdb EPERM)');
  });
});

describe('majorIn', () => {
  it('reads the version of the programs', () => {
    expect(majorIn('postgres (PostgreSQL) 18.4\n')).toBe(18);
    expect(majorIn('postgres (PostgreSQL) 19beta1\n')).toBe(19);
    expect(majorIn('error while loading shared libraries: libicuuc.so.60')).toBeNull();
  });
});
