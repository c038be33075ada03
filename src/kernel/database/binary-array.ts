/**
 * Array parameters in Postgres' binary format. `pg` sends Buffers as binary and its own arrays as text; for grouped
 * inserts of bytea the binary form carries half the bytes and no escaping. Layout (array_recv in the Postgres source):
 * int32 dimensions, int32 has-null flag, int32 element oid, then per dimension int32 count and int32 lower bound, then per
 * element int32 length (-1 for null) and the bytes.
 */
const HEADER = 20;
const PG_EPOCH_MS = Date.UTC(2000, 0, 1);

export const OID = { bytea: 17, int4: 23, text: 25, timestamptz: 1184, uuid: 2950, jsonb: 3802 } as const;

/** How a value becomes bytes, in two steps, so that all of them are written into one piece of memory. */
export interface Encoder<T> {
  size(value: T): number;
  write(value: T, into: Buffer, at: number): void;
}

export const asText: Encoder<string> = {
  size: (value) => Buffer.byteLength(value),
  write: (value, into, at) => void into.write(value, at),
};

export const asBytes: Encoder<Buffer> = {
  size: (value) => value.length,
  write: (value, into, at) => void value.copy(into, at),
};

export const asUuid: Encoder<string> = {
  size: () => 16,
  write: (value, into, at) => void into.write(value.replaceAll('-', ''), at, 'hex'),
};

/** jsonb version 1, then UTF-8. Takes JSON text. */
export const asJsonb: Encoder<string> = {
  size: (json) => 1 + Buffer.byteLength(json),
  write: (json, into, at) => void into.write(json, into.writeUInt8(1, at)),
};

/** Takes milliseconds since 1970; Postgres counts microseconds since 2000. */
export const asTimestamp: Encoder<number> = {
  size: () => 8,
  write: (ms, into, at) => void into.writeBigInt64BE(BigInt(Math.round((ms - PG_EPOCH_MS) * 1_000)), at),
};

/** One-dimensional array of `values`, nulls allowed. */
export function binaryArray<T>(oid: number, encode: Encoder<T>, values: readonly (T | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? -1 : encode.size(value)));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + Math.max(size, 0), HEADER));
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(sizes.includes(-1) ? 1 : 0, 4);
  bytes.writeInt32BE(oid, 8);
  bytes.writeInt32BE(values.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = HEADER;
  for (const [index, value] of values.entries()) {
    const size = sizes[index] ?? -1;
    at = bytes.writeInt32BE(size, at);
    if (value === null) continue;
    encode.write(value, bytes, at);
    at += size;
  }
  return bytes;
}
