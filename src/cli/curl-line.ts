import type { Message } from './post.js';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A POST as a line for a POSIX shell. */
export function asCurl(url: string, { headers, body }: Message): string {
  const named = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ['curl -si', quoted(url), ...named, `--data-raw ${quoted(body)}`].join(' \\\n  ');
}
