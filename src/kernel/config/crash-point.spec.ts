import { CRASH_POINTS, armCrashPoint, crashPoint } from './crash-point.js';

describe('a crash point', () => {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  afterEach(() => {
    armCrashPoint('');
    kill.mockClear();
  });
  afterAll(() => kill.mockRestore());

  it('does nothing in a process that nobody armed', () => {
    for (const point of CRASH_POINTS) crashPoint(point);
    expect(kill).not.toHaveBeenCalled();
  });

  it.each(CRASH_POINTS)('%s kills the process there, by a signal that nobody can catch, and nowhere else', (armed) => {
    armCrashPoint(armed);
    for (const point of CRASH_POINTS) if (point !== armed) crashPoint(point);
    expect(kill).not.toHaveBeenCalled();
    crashPoint(armed);
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
  });

  it('can be disarmed', () => {
    armCrashPoint('submit.asked');
    armCrashPoint('');
    crashPoint('submit.asked');
    expect(kill).not.toHaveBeenCalled();
  });

  it.each(['submit', 'Submit.asked', 'submit.asked ', 'toString'])('that is unknown (%s) is a boot error', (name) => {
    expect(() => armCrashPoint(name)).toThrow(`SIGNALBOX_CRASH_AT: "${name}" is none of create.committing,`);
  });

  it('that is unknown leaves the armed one armed', () => {
    armCrashPoint('check.taken');
    expect(() => armCrashPoint('nowhere')).toThrow();
    crashPoint('check.taken');
    expect(kill).toHaveBeenCalledTimes(1);
  });
});
