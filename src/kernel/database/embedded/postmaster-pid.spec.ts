import { parsePostmasterPid } from './postmaster-pid.js';

describe('parsePostmasterPid', () => {
  it('reads a server that takes connections', () => {
    const text = '5987\n/data\n1795259000\n37561\n\n127.0.0.1\n  1187862         2\nready   \n';
    expect(parsePostmasterPid(text)).toEqual({ pid: 5987, port: 37561, ready: true });
  });

  it('reads one that is still starting, whose file is half written', () => {
    expect(parsePostmasterPid('5987\n/data\n1795259000\n')).toEqual({ pid: 5987, port: null, ready: false });
    expect(parsePostmasterPid('5987\n/data\n1\n37561\n\n127.0.0.1\n 1 2\nstarting\n')?.ready).toBe(false);
  });

  it('finds nothing in what is no such file', () => {
    expect(parsePostmasterPid('')).toBeNull();
    expect(parsePostmasterPid('-1\n')).toBeNull();
    expect(parsePostmasterPid('hello\n')).toBeNull();
  });
});
