import { dirname, join } from 'node:path';

const BINDING = ['bin', 'napi-v3', process.platform, process.arch, 'onnxruntime_binding.node'];

/**
 * The addon of onnxruntime-node (seen in 1.17 and 1.20) has one static reference for all threads of a process, which belongs
 * to the thread that loaded it last. When that one has ended, the next thread that loads the addon frees what is gone, and
 * hangs or takes the process with it. Loaded again in the main thread, which never ends, the reference belongs to a living
 * one; so this is called whenever a thread has loaded the addon, before that thread is given anything to do.
 */
export function holdRuntime(): void {
  // The package's folder: its entry lies in `dist`.
  const folder = join(dirname(require.resolve('onnxruntime-node')), '..');
  process.dlopen({ exports: {} }, join(folder, ...BINDING));
}
