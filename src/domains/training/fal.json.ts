const MAYBE_TOO_LARGE = /\d{16}/;
/** Texts, which stay as they are, and numbers. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * Total: any bytes in, the JSON value or undefined out. A whole number beyond 2^53, as models of fal.ai write their seeds,
 * becomes the text of its digits: as a number it would silently turn into another one, here and again in every program that
 * reads our JSON. (The exact bytes of a notice are in the inbox anyway.)
 */
export function readJson(bytes: Buffer): unknown {
  try {
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    const value: unknown = JSON.parse(text);
    // Only what is JSON has its tokens where they seem to be.
    return MAYBE_TOO_LARGE.test(text) ? JSON.parse(text.replace(TOKENS, exact)) : value;
  } catch {
    return undefined;
  }
}

function exact(token: string): string {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
