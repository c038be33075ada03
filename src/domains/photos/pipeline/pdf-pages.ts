import { PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium';
import { WORKING_SIDE } from './decode-photo.js';
import { jpegOf, type Jpeg } from './jpeg.js';
import { admitted } from './photo-limits.js';
import { PhotoRefusal } from './photo-refusal.js';

export interface PdfPages {
  /** Pages in the file; `pages` holds the first ten at most. */
  count: number;
  pages: Jpeg[];
}

const MOST_PAGES = 10;

/** Each page as a photo of its own. Throws `PhotoRefusal`. */
export async function pdfPages(bytes: Uint8Array): Promise<PdfPages> {
  if (admitted(bytes) !== 'pdf') throw new PhotoRefusal('pdf_unreadable', 'This file is not a PDF.');
  // A library for each file: its WASM memory never shrinks, and goes with it.
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(bytes);
    try {
      const count = document.getPageCount();
      const pages: Jpeg[] = [];
      for (let i = 0; i < Math.min(count, MOST_PAGES); i++) pages.push(await pageImage(document.getPage(i)));
      if (pages.length === 0)
        throw new PhotoRefusal('pdf_unreadable', 'The PDF has no pages. Send the pages as photos.');
      return { count, pages };
    } finally {
      document.destroy();
    }
  } catch (error) {
    throw asRefusal(error);
  } finally {
    library.destroy();
  }
}

async function pageImage(page: PDFiumPage): Promise<Jpeg> {
  const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
  if (!(width > 0 && height > 0)) throw new PhotoRefusal('pdf_unreadable', 'A page of the PDF has no size.');
  const scale = WORKING_SIDE / Math.max(width, height);
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const { data } = await page.render({ ...size, render: (bitmap) => Promise.resolve(rgbOf(bitmap.data)) });
  return jpegOf({ data: Buffer.from(data), ...size }, { quality: 92 });
}

function rgbOf(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) rgb.set(rgba.subarray(from, from + 3), to);
  return rgb;
}

function asRefusal(error: unknown): unknown {
  if (error instanceof PhotoRefusal) return error;
  const why = error instanceof Error ? error.message : String(error);
  return /password|security/i.test(why)
    ? new PhotoRefusal('pdf_locked', 'The PDF is locked by a password. Send it without one.')
    : new PhotoRefusal('pdf_unreadable', `The PDF cannot be read: ${why}. Send the pages as photos.`);
}
