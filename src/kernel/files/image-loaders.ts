import { isMainThread } from 'node:worker_threads';
import sharp from 'sharp';

// libvips would also render SVG and PDF, and call ImageMagick; what is not listed here cannot be opened at all. The list is one
// for the process, so the main thread sets it, and a thread that starts does not shut all loaders while others read.
if (isMainThread) {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadHeifBuffer',
    ],
  });
}

export { sharp };
