/** As far as `mediaTypeOf` looks. */
export const HEAD_BYTES = 16;

const TYPE = /^[a-z0-9][\w!#$&^.+-]{0,63}\/[a-z0-9][\w!#$&^.+-]{0,63}$/i;
/** What programs say when they do not know; the second is what curl sends unless told otherwise. */
const SAYS_NOTHING = new Set(['application/octet-stream', 'application/x-www-form-urlencoded', 'binary/octet-stream']);

const SIGNS: readonly [string, number, string, string?][] = [
  ['audio/wav', 0, 'RIFF', 'WAVE'],
  ['audio/flac', 0, 'fLaC'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/mpeg', 0, 'ID3'],
  ['image/png', 0, '\x89PNG'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['application/pdf', 0, '%PDF-'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['audio/mp4', 4, 'ftypM4A'],
  ['video/mp4', 4, 'ftyp'],
];

/** The type that the caller gave; where that says nothing, what the first bytes look like. */
export function mediaTypeOf(given: string | undefined, head: Buffer): string {
  const type = (given ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (TYPE.test(type) && !SAYS_NOTHING.has(type)) return type;
  const text = head.toString('latin1');
  const sign = SIGNS.find(([, at, start, form]) => text.startsWith(start, at) && (!form || text.startsWith(form, 8)));
  if (sign) return sign[0];
  return head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2 ? 'audio/mpeg' : 'application/octet-stream';
}
