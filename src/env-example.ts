import type { EnvClass, KeyDescription } from './kernel/config/parse-env.js';
import { describeEnv } from './kernel/config/parse-env.js';

function line(key: KeyDescription): string {
  const fallback = Array.isArray(key.default)
    ? key.default.join(',')
    : String((key.default as string | number | boolean | undefined) ?? '');
  const notes = [
    key.doc,
    ...(key.aliases?.length ? [`older name: ${key.aliases.join(', ')}`] : []),
    ...(key.secret ? ['secret'] : []),
  ];
  return `# ${notes.join('; ')}\n# ${key.name}=${key.example ?? fallback}`;
}

/** `.env.example`, made from the classes that read the environment; a test holds the file against it. */
export function envExample(classes: readonly EnvClass[]): string {
  const head = [
    '# Every variable that Signalbox reads, with its default or an example. All of them are optional on a laptop.',
    '# Each can also be given as NAME_FILE, the path of a file with the value in it.',
  ].join('\n');
  const groups = classes.map(
    (cls) => `# --- ${cls.name.replace(/Env$/, '').toLowerCase()}\n${describeEnv(cls).map(line).join('\n')}`,
  );
  return `${[head, ...groups].join('\n\n')}\n`;
}
