/**
 * Array parameters in Postgres' binary format. `pg` sends Buffers as binary and its own arrays as text; for grouped
 * inserts of bytea the binary form carries half the bytes and no escaping. Layout (array_recv in the Postgres source):
 * int32 dimensions, int32 has-null flag, int32 element oid, then per dimension int32 count and int32 lower bound, then per
 * element int32 length (-1 for null) and the bytes.
 */
const HEADER = 20;
const PG_EPOCH_MS = Date.UTC(2000, 0, 1);

export const OID = { bytea: 17, int4: 23, text: 25, timestamptz: 1184, uuid: 2950, jsonb: 3802 } as const;

export type Encoder<T> = (value: T) => Buffer;

export const asText: Encoder<string> = (value) => Buffer.from(value, 'utf8');
export const asBytes: Encoder<Buffer> = (value) => value;
export const asUuid: Encoder<string> = (value) => Buffer.from(value.replaceAll('-', ''), 'hex');
/** jsonb version 1, then UTF-8. Takes JSON text. */
export const asJsonb: Encoder<string> = (json) => Buffer.concat([Buffer.from([1]), Buffer.from(json, 'utf8')]);
/** Takes milliseconds since 1970; Postgres counts microseconds since 2000. */
export const asTimestamp: Encoder<number> = (ms) => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(Math.round((ms - PG_EPOCH_MS) * 1_000)));
  return bytes;
};

/** One-dimensional array of `values`, nulls allowed. */
export function binaryArray<T>(oid: number, encode: Encoder<T>, values: readonly (T | null)[]): Buffer {
  const parts: Buffer[] = [];
  let hasNull = 0;
  for (const value of values) {
    const length = Buffer.allocUnsafe(4);
    parts.push(length);
    if (value === null) {
      hasNull = 1;
      length.writeInt32BE(-1);
      continue;
    }
    const bytes = encode(value);
    length.writeInt32BE(bytes.length);
    parts.push(bytes);
  }
  const header = Buffer.allocUnsafe(HEADER);
  header.writeInt32BE(1, 0);
  header.writeInt32BE(hasNull, 4);
  header.writeInt32BE(oid, 8);
  header.writeInt32BE(values.length, 12);
  header.writeInt32BE(1, 16);
  return Buffer.concat([header, ...parts]);
}
