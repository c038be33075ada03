import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** Something to be put into a zip; opened when its turn comes. */
export interface ZipPart {
  name: string;
  size: number;
  open(): Promise<Readable>;
}

/** 1980: nothing in it tells when it was made, so that the same parts give the same bytes. */
const NO_TIME = new Date(1980, 0, 1);

/** A zip as a stream, nothing compressed, so that its size is known before its first byte. */
export async function zipOf(parts: readonly ZipPart[]): Promise<{ bytes: Readable; size: number }> {
  const zip = new ZipFile();
  const bytes = zip.outputStream as Readable;
  // It says of itself that it failed, and leaves its stream open.
  zip.on('error', (error: Error) => bytes.destroy(error));
  for (const { name, size, open } of parts) {
    zip.addReadStreamLazy(name, { size, compress: false, mtime: NO_TIME, forceDosTimestamp: true }, (opened) => {
      open().then(
        (stream) => {
          stream.once('error', (error) => bytes.destroy(error));
          bytes.once('close', () => stream.destroy());
          opened(null, stream);
        },
        (error: Error) => bytes.destroy(error),
      );
    });
  }
  const size = await new Promise<number>((resolve) => {
    // The callback gets the size, whatever its type says.
    zip.end({ forceZip64Format: false, comment: '' }, resolve as () => void);
  });
  return { bytes, size };
}
