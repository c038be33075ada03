import { fieldsOf } from '../../kernel/http/json-fields.js';
import type { Fields } from '../../kernel/http/json-fields.js';

/** Everything that the vendor said, with words under `text` even where it calls them `word`. */
export function withTexts(output: Readonly<Fields>): Fields {
  const transcriptions = ['wordLevelTranscription', 'turnLevelTranscription'].filter((name) =>
    Array.isArray(output[name]),
  );
  return {
    ...output,
    ...Object.fromEntries(transcriptions.map((name) => [name, (output[name] as unknown[]).map(withText)])),
  };
}

function withText(entry: unknown): unknown {
  const fields = fieldsOf(entry);
  if (!fields || typeof fields.word !== 'string' || fields.text !== undefined) return entry;
  const { word: text, ...rest } = fields;
  return { ...rest, text };
}
