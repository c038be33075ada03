import { ownIdIn, settledAt } from './old-result-name.js';

const OWN = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';
const written = new Date('2025-06-01T00:00:00Z');
const now = new Date('2026-11-21T12:00:00Z');
const local = (text: string) => new Date(text).toISOString();
const at = (time: unknown, name: string) => settledAt(time, name, written, now).toISOString();

describe('The time of an old result', () => {
  it('is what the file says, of a zone where it names one, else of this process', () => {
    expect(at('2025-01-15T10:30:15Z', 'x_20250202_020202.json')).toBe('2025-01-15T10:30:15.000Z');
    expect(at('2025-01-15T10:30:15.123456', 'x.json')).toBe(local('2025-01-15T10:30:15.123'));
  });

  it.each(['j-1_diarization_20250304_050607.json', 'diarization_20250304_050607.json', 'x_20250304_050607_y.json'])(
    'else what its name says: %s',
    (name) => {
      expect(at(undefined, name)).toBe(local('2025-03-04T05:06:07'));
      expect(at('soon', name)).toBe(local('2025-03-04T05:06:07'));
    },
  );

  it('is UTC in a name that Signalbox gave, which also tells the job', () => {
    const name = `diarization_20261121_043000_${OWN}.json`;
    expect(at(null, name)).toBe('2026-11-21T04:30:00.000Z');
    expect(ownIdIn(name)).toBe(OWN);
    expect(ownIdIn(`diarization_20261121_043000_${OWN}.rttm`)).toBeNull();
    expect(ownIdIn('j-1_diarization_20250304_050607.json')).toBeNull();
  });

  it.each(['plain.json', 'x_20251399_050607.json', 'x_1234567_050607.json', 'x_120250304_050607.json'])(
    'else when it was written: %s',
    (name) => expect(at(undefined, name)).toBe(written.toISOString()),
  );

  it('is neither to come nor older than computers', () => {
    expect(at('2031-01-01T00:00:00Z', 'x.json')).toBe(now.toISOString());
    expect(at('1066-10-14T09:00:00Z', 'x.json')).toBe(written.toISOString());
  });
});
