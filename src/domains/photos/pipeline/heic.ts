import { PhotoRefusal } from './photo-refusal.js';

/** RGBA, turned as its owner saw it. */
export interface DecodedHeic {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export type HeicDecoder = (input: { buffer: Uint8Array }) => Promise<DecodedHeic>;

/** An optional dependency: its library is LGPL, and some installations leave it out. */
export async function installedHeicDecoder(): Promise<HeicDecoder | undefined> {
  try {
    const name = 'heic-decode';
    const module = (await import(name)) as { default: HeicDecoder };
    return module.default;
  } catch {
    return undefined;
  }
}

export async function decodeHeic(bytes: Uint8Array, decoder: HeicDecoder | undefined): Promise<DecodedHeic> {
  if (!decoder) {
    const why = 'This installation cannot read HEIC (its optional package heic-decode is not there).';
    throw new PhotoRefusal('heic_unsupported', `${why} Send JPEG: on an iPhone, "Most Compatible" in Camera, Formats.`);
  }
  try {
    return await decoder({ buffer: bytes });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PhotoRefusal('photo_unreadable', `The HEIC file cannot be read: ${why}. Send it again, or as JPEG.`);
  }
}
