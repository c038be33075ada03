// A thread of the photo pool that does what no photo should.
import { setTimeout as later } from 'node:timers/promises';
import { photoTasks } from '../photo-tasks.js';
import { serveTasks } from '../thread-tasks.js';

type Misdeed = 'exit' | 'trap' | 'throw' | 'hang' | 'eat' | 'none';

/** `once` is memory that outlives the thread: only the first thread that counts it up misbehaves. */
export interface UnrulyOptions {
  misdeed: Misdeed;
  once?: SharedArrayBuffer;
}

interface UnrulyInput {
  bytes: Uint8Array;
  options?: { read?: Record<string, unknown> };
}

async function misbehave(misdeed: Misdeed): Promise<void> {
  if (misdeed === 'exit') process.exit(7);
  if (misdeed === 'throw')
    setImmediate(() => {
      throw new Error('stray');
    });
  if (misdeed === 'throw') await later(60_000);
  if (misdeed === 'trap') throw Object.assign(new Error('unreachable'), { name: 'RuntimeError' });
  if (misdeed === 'hang') for (;;);
  const eaten: number[][] = [];
  if (misdeed === 'eat') for (;;) eaten.push(Array.from({ length: 100_000 }, (_, i) => i));
}

export default serveTasks({
  ...photoTasks,
  photo: async ({ bytes, options }: UnrulyInput) => {
    const { misdeed, once } = (options?.read ?? { misdeed: 'none' }) as unknown as UnrulyOptions;
    if (!once || Atomics.add(new Int32Array(once), 0, 1) === 0) await misbehave(misdeed);
    return photoTasks.photo({ bytes });
  },
});
