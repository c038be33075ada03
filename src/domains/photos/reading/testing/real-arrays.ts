import { runInThisContext } from 'node:vm';

/** Jest runs a test in a realm with arrays of its own; native code hands out those of the real one. Import it first. */
globalThis.Float32Array = runInThisContext('Float32Array') as Float32ArrayConstructor;
