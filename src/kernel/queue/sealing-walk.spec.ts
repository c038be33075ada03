import { CannotOpen } from '../config/aead.js';
import { Pace } from '../config/pace.js';
import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { SealingWalk } from './sealing-walk.js';

function walking(isTurning: boolean, fault: Error) {
  const walk = new SealingWalk({ isTurning }, new Pace(parseEnv(ServiceEnv, {})));
  const seen: string[] = [];
  const told: string[] = [];
  const sealAnew = ({ id }: { id: string }) => {
    seen.push(id);
    return id === '2' ? Promise.reject(fault) : Promise.resolve(id === '3');
  };
  const read = () => Promise.resolve(['1', '2', '3'].map((id) => ({ id })));
  const step = () => walk.step(read, sealAnew, ({ id }, reason) => void told.push(`${id}: ${reason}`));
  return { seen, told, step };
}

describe('a walk that seals anew', () => {
  it('tells of what cannot be opened, and goes on to the next', async () => {
    const { seen, told, step } = walking(true, new CannotOpen('cut short'));
    expect([await step(), seen, told]).toEqual([1, ['1', '2', '3'], ['2: cut short']]);
  });

  it('does not hide other faults', async () => {
    const { told, step } = walking(true, new Error('the database is away'));
    await expect(step()).rejects.toThrow('the database is away');
    expect(told).toEqual([]);
  });

  it('is not begun while there is one key only', async () => {
    const { seen, step } = walking(false, new Error());
    expect([await step(), seen]).toEqual([0, []]);
  });
});
