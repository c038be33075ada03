import loaded from '@techstark/opencv-js';
import type { Deletable, OpenCv } from './opencv-api.js';

/** Takes note of an object in WASM memory, which no garbage collector frees. */
export type Keep = <T extends Deletable>(object: T) => T;

let ready: Promise<{ cv: OpenCv }> | undefined;

/** OpenCV once its WASM runs; wrapped, because the module is a thenable that never resolves: `await` on it hangs. */
export function openCv(): Promise<{ cv: OpenCv }> {
  ready ??= new Promise((resolve) => {
    const module = loaded as unknown as OpenCv & { onRuntimeInitialized?: () => void };
    if (module.Mat as unknown) resolve({ cv: module });
    else module.onRuntimeInitialized = () => resolve({ cv: module });
  });
  return ready;
}

/** Runs `work` and deletes what it kept. OpenCV throws bare numbers: they become errors with OpenCV's message. */
export function scoped<T>(cv: OpenCv, work: (keep: Keep) => T): T {
  const kept: Deletable[] = [];
  try {
    return work((object) => {
      kept.push(object);
      return object;
    });
  } catch (thrown) {
    throw typeof thrown === 'number' ? new Error(`OpenCV: ${cv.exceptionFromPtr(thrown).msg}`) : thrown;
  } finally {
    for (const object of kept) object.delete();
  }
}
