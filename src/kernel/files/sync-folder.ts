import { open } from 'node:fs/promises';

/** A rename is only safe from a power cut once its folder is written; Windows cannot do that, and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
