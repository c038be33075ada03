import { parentPort } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { openCv } from './opencv.js';
import { PhotoRefusal, type Refusal } from './photo-refusal.js';

export interface ThreadCall {
  task: string;
  input: unknown;
}

/** Errors as values: of a thrown error only the message would arrive. */
export type ThreadAnswer<T = unknown> = (
  { ok: true; value: T } | { ok: false; refusal: Refusal } | { ok: false; error: string }
) & {
  /** OpenCV's WASM memory, which never shrinks. */
  heapBytes: number;
};

const BROKEN = 70;

// A handler has its own input, and the caller's types pair the two by the task's name.
type Tasks = Record<string, (input: never) => Promise<unknown>>;

/**
 * What a thread does with a call: the named task; buffers of the answer are handed over, not copied. To be called when all is
 * loaded: the main thread is told so.
 */
export function serveTasks(tasks: Tasks) {
  parentPort?.postMessage('loaded');
  return async ({ task, input }: ThreadCall): Promise<unknown> => {
    const outcome = await settled(tasks, task, input);
    const { cv } = await openCv();
    const answer: ThreadAnswer = { ...outcome, heapBytes: cv.HEAPU8.length };
    const buffers = [...new Set(buffersIn(answer))];
    return move({ [transferableSymbol]: buffers, [valueSymbol]: answer });
  };
}

async function settled(tasks: Tasks, name: string, input: unknown) {
  try {
    const task = tasks[name];
    if (!task) return { ok: false as const, error: `there is no task called ${name}` };
    return { ok: true as const, value: await task(input as never) };
  } catch (error) {
    // A WASM module that trapped stays broken: the thread goes, and the pool runs the photo again in a new one.
    if (error instanceof Error && error.name === 'RuntimeError') process.exit(BROKEN);
    if (error instanceof PhotoRefusal) return { ok: false as const, refusal: error.refusal };
    return { ok: false as const, error: error instanceof Error ? error.message : String(error) };
  }
}

/** Node cuts small buffers from a pool of its own: only a buffer that is all its memory may leave. */
function buffersIn(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    const whole = value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength;
    return whole ? [value.buffer] : [];
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(buffersIn) : [];
}
