import { Problem, invalidField } from './problem.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;
/** Far deeper than any real request; what comes later (validation, hashing) recurses and must not run out of stack. */
const MAX_DEPTH = 100;
/** Objects and lists, all told; validation looks at each, and millions of empty ones would hold up everybody for seconds. */
const MAX_OBJECTS = 100_000;
/** Names that reach for a prototype; class-transformer would drop them without a word. */
const FORBIDDEN = new Set(['__proto__', 'constructor']);

const invalidJson = (detail: string) => new Problem(400, 'invalid_json', detail);

/** The JSON object in the body of a request. @throws a 415 for other types, a 400 for everything that is no such object */
export function parseJsonBody(body: Buffer, contentType: string | undefined): object {
  if (contentType !== undefined && !JSON_TYPE.test(contentType)) {
    throw new Problem(415, 'unsupported_media_type', `send application/json instead of ${contentType.slice(0, 100)}`);
  }
  if (body.length === 0) throw invalidJson('the body is empty; send a JSON object');
  const value = readJson(body);
  if (!isObject(value) || Array.isArray(value))
    throw invalidJson('the body is JSON, but no object; send a JSON object');
  checkFields(value);
  return value;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable';
    throw invalidJson(`the body is not JSON: ${why.slice(0, 200)}`);
  }
}

/** Level by level, because recursion is what it guards against. */
function checkFields(root: object): void {
  let level: [object, string][] = [[root, '']];
  let seen = 0;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw invalidJson(`the body is nested deeper than ${MAX_DEPTH} levels`);
    seen += level.length;
    if (seen > MAX_OBJECTS) throw invalidJson(`the body has more than ${MAX_OBJECTS} objects and lists in it`);
    level = level.flatMap(([value, path]) =>
      Object.entries(value).flatMap(([name, inner]: [string, unknown]): [object, string][] => {
        const field = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
        if (FORBIDDEN.has(name)) throw invalidField(field, 'forbidden field name; remove it');
        return isObject(inner) ? [[inner, field]] : [];
      }),
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
