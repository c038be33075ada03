/** A mail as a person's program would read it. */
export interface ReadMail {
  headers: Map<string, string[]>;
  subject: string;
  text: string;
  html: string;
}

/** As much of MIME (RFC 2045–2047) as our own mails need. */
export function readMail(raw: string): ReadMail {
  const whole = partOf(raw);
  const parts = partsOf(whole);
  const body = (type: string) => parts.find((part) => header(part, 'content-type').startsWith(type))?.body ?? '';
  return {
    headers: whole.headers,
    subject: decodedWords(header(whole, 'subject')),
    text: body('text/plain'),
    html: body('text/html'),
  };
}

interface Part {
  headers: Map<string, string[]>;
  body: string;
}

function partOf(raw: string): Part {
  const end = raw.indexOf('\r\n\r\n');
  const headers = new Map<string, string[]>();
  const lines = raw.slice(0, end).replace(/\r\n(?=[ \t])/g, '');
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { headers, body: raw.slice(end + 4) };
}

const header = (part: Part, name: string): string => part.headers.get(name)?.[0] ?? '';

function partsOf(whole: Part): Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(header(whole, 'content-type'))?.[1];
  if (boundary === undefined) return [decoded(whole)];
  const between = whole.body.split(`--${boundary}`).slice(1, -1);
  return between.map((text) => decoded(partOf(text.replace(/^\r\n/, ''))));
}

function decoded(part: Part): Part {
  const encoding = header(part, 'content-transfer-encoding').toLowerCase();
  if (encoding === 'base64') return { ...part, body: Buffer.from(part.body, 'base64').toString() };
  if (encoding === 'quoted-printable') return { ...part, body: unquoted(part.body.replace(/=\r\n/g, '')) };
  return part;
}

function unquoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

function decodedWords(text: string): string {
  const joined = text.replace(/\?=\s+=\?/g, '?==?');
  return joined.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, word: string) =>
    how.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString() : unquoted(word.replaceAll('_', ' ')),
  );
}
