import { CLOSE_OBJECT, COLON, JsonInput, OPEN_OBJECT, QUOTE } from './json-input.js';

type Bytes = AsyncIterable<Uint8Array>;

/** A member of an object: its name, and its value as JSON text. The value may be read once, in part, or not at all. */
export interface Member {
  name: string;
  value: Bytes;
}

/**
 * The members of one JSON object (RFC 8259), while its text comes: what is asked of a text of any length takes the memory of
 * one piece of it. Finds where values end and does not look into them: whoever wants one parses it. The source is closed
 * when the reader stops. @throws for a text that is no object, that ends too early, or that goes on after its end
 */
export async function* membersOf(text: Bytes): AsyncGenerator<Member, void, undefined> {
  const input = new JsonInput(text[Symbol.asyncIterator]());
  try {
    await input.skipMark();
    await input.expect(OPEN_OBJECT, 'an object');
    if ((await input.peek()) === CLOSE_OBJECT) await input.expect(CLOSE_OBJECT, 'the end of the object');
    else {
      do {
        if ((await input.peek()) !== QUOTE)
          throw new Error('the JSON has something else than a name where one must be');
        const name = String(JSON.parse((await whole(input.value())).toString('utf8')));
        await input.expect(COLON, 'a colon');
        await input.peek();
        yield { name, value: input.value() };
        await input.finish();
      } while (await input.another());
    }
    if ((await input.peek()) !== null) throw new Error('the JSON goes on after its end');
  } finally {
    await input.close();
  }
}

/** The named members, parsed. @throws when together they are larger than `most` bytes, and for what is not JSON */
export async function pickMembers(
  text: Bytes,
  names: readonly string[],
  most: number,
): Promise<Record<string, unknown>> {
  const picked: [string, unknown][] = [];
  let left = most;
  for await (const { name, value } of membersOf(text)) {
    if (!names.includes(name)) continue;
    const bytes = await whole(value, left);
    left -= bytes.length;
    picked.push([name, JSON.parse(bytes.toString('utf8'))]);
  }
  return Object.fromEntries(picked);
}

/** All of it at once. @throws when it is larger than `most` bytes */
export async function whole(bytes: Bytes, most = Infinity): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of bytes) {
    length += part.length;
    if (length > most) throw new Error(`what has to be read as a whole is larger than ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}
