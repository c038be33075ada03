import { cleanPhoto, type CleanPhoto, type StageName } from './clean-photo.js';
import { toPicture } from './decode-photo.js';
import { jpegOf, type Jpeg } from './jpeg.js';
import { openCv } from './opencv.js';
import { pdfPages, type PdfPages } from './pdf-pages.js';
import type { Picture } from './picture.js';
import { openPhoto } from './safe-sharp.js';
import { whitened as inGrey } from './whiten.js';

export interface PhotoInput {
  bytes: Uint8Array;
  options?: PhotoOptions;
}

export interface PhotoOptions {
  /** Also answer what each stage made. */
  debug?: boolean;
  /** False: the whitened picture is made by the task `whiten`, while somebody far away reads. */
  whiten?: boolean;
  /** Given: the cleaned picture is read in the same thread, and this is handed to the reader. */
  read?: Record<string, unknown>;
}

/** `CleanPhoto` as it leaves the thread: pictures as JPEG. */
export interface PhotoWork<Reading = unknown> extends Omit<CleanPhoto, 'straightened' | 'whitened' | 'debugImages'> {
  straightened: Jpeg;
  whitened: Jpeg | null;
  debugImages?: { name: StageName; image: Jpeg }[];
  /** What the reader made of the straightened picture, and how long it took. */
  reading?: { ok: true; value: Reading; ms: number } | { ok: false; error: string; ms: number };
}

/** Reads what the pipeline straightened. */
export type ReadPicture<Reading> = (image: Picture, options: Record<string, unknown>) => Promise<Reading>;

/** The task of a photo: clean, then read with `read` where the caller asks for it. */
export function photoTask<Reading>(read?: ReadPicture<Reading>) {
  return async ({ bytes, options = {} }: PhotoInput): Promise<PhotoWork<Reading>> => {
    const { straightened, whitened, debugImages, ...cleaned } = await cleanPhoto(bytes, options);
    const work: PhotoWork<Reading> = {
      ...cleaned,
      straightened: await jpegOf(straightened, { quality: 90 }),
      whitened: whitened && (await jpegOf(whitened, { channels: 1 })),
    };
    if (debugImages) {
      work.debugImages = await Promise.all(
        debugImages.map(async ({ name, picture }) => ({
          name,
          image: await jpegOf(picture, { channels: name === 'whiten' ? 1 : 3 }),
        })),
      );
    }
    if (read && options.read) work.reading = await reading(read, straightened, options.read);
    return work;
  };
}

/** A reader that fails costs the reading, not the cleaned photo. */
async function reading<R>(read: ReadPicture<R>, image: Picture, options: Record<string, unknown>) {
  const start = performance.now();
  const ms = () => Math.round(performance.now() - start);
  try {
    return { ok: true as const, value: await read(image, options), ms: ms() };
  } catch (error) {
    return { ok: false as const, error: error instanceof Error ? error.message : String(error), ms: ms() };
  }
}

export const photoTasks = {
  photo: photoTask(),
  pages: ({ bytes }: PhotoInput): Promise<PdfPages> => pdfPages(bytes),
  /** A straightened picture in grey on white. */
  whiten: async ({ bytes }: PhotoInput): Promise<Jpeg> => {
    const { cv } = await openCv();
    return jpegOf(inGrey(cv, await toPicture(openPhoto(bytes))), { channels: 1 });
  },
  /** Answered once OpenCV runs: the thread is then warm. */
  warm: async (): Promise<void> => {
    await openCv();
  },
};
