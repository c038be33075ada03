import { Mistake } from './mistake.js';

/** `--label name=value`, as often as given. @throws {Mistake} */
export function labelsFrom(texts: readonly string[]): Record<string, string> {
  const pairs = texts.map((text): [string, string] => {
    const at = text.indexOf('=');
    if (at < 1) throw new Mistake(`--label: "${text}" does not look like name=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}
