const NAME = '[A-Za-z_][\\w.-]*';
const ATTRIBUTE = `\\s+${NAME}="(?:[^<&"]|&(?:amp|lt|gt|quot|#39);)*"`;
const PIECE = new RegExp(
  `<(${NAME})((?:${ATTRIBUTE})*)\\s*(/?)>|</(${NAME})>|((?:[^<>&]|&(?:amp|lt|gt|quot|#39);)+)`,
  'y',
);
/** XML 1.0, 2.2: everything else may not be in a document at all. */
const CHARACTERS = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

export interface Element {
  name: string;
  attributes: Record<string, string>;
  /** The text directly in it, as a reader gets it. */
  text: string;
}

/** Reads the XML that we write, strictly: no declarations, no comments. @throws at the first thing that is not well-formed */
export function readXml(xml: string): Element[] {
  if (!CHARACTERS.test(xml)) throw new Error('a character that XML does not allow');
  const elements: Element[] = [];
  const open: Element[] = [];
  for (PIECE.lastIndex = 0; PIECE.lastIndex < xml.length;) {
    const at = PIECE.lastIndex;
    const [, begins, attributes, empty, ends, text] = PIECE.exec(xml) ?? [];
    if (begins !== undefined) {
      const element = { name: begins, attributes: attributesIn(attributes ?? ''), text: '' };
      if (open.length === 0 && elements.length > 0) throw new Error('a second root');
      elements.push(element);
      if (empty === '') open.push(element);
    } else if (ends !== undefined) {
      if (open.pop()?.name !== ends) throw new Error(`</${ends}> closes nothing`);
    } else if (text !== undefined) {
      const inside = open.at(-1);
      if (inside) inside.text += unescaped(text);
      else if (text.trim() !== '') throw new Error('text outside of the root');
    } else {
      throw new Error(`not well-formed from here: ${xml.slice(at, at + 80)}`);
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return elements;
}

function attributesIn(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]);
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new Error('an attribute is there twice');
  return Object.fromEntries(found) as Record<string, string>;
}

const unescaped = (text: string) =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  );
