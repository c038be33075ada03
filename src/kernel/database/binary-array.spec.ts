import { OID, asBytes, asJsonb, asText, asTimestamp, asUuid, binaryArray } from './binary-array.js';

/** Bytes as written by hand: hex with spaces for people. */
const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('an array in Postgres’ binary format', () => {
  it('of texts is laid out byte by byte', () => {
    expect(binaryArray(OID.text, asText, ['a', 'é', ''])).toEqual(
      hex(`
        00000001 00000000 00000019
        00000003 00000001
        00000001 61
        00000002 c3a9
        00000000
      `),
    );
  });

  it('says that it has a null, whose length is -1', () => {
    expect(binaryArray(OID.uuid, asUuid, [null, '019aa0b0-8d2f-7c4b-8c1f-6e1d3a7a9b22'])).toEqual(
      hex(`
        00000001 00000001 00000b86
        00000002 00000001
        ffffffff
        00000010 019aa0b08d2f7c4b8c1f6e1d3a7a9b22
      `),
    );
  });

  it('of times counts microseconds since 2000', () => {
    const times = [Date.UTC(2000, 0, 1), Date.UTC(2000, 0, 1) + 1, Date.UTC(1999, 11, 31, 23, 59, 59), 1763683200123];
    expect(binaryArray(OID.timestamptz, asTimestamp, times)).toEqual(
      hex(`
        00000001 00000000 000004a0
        00000004 00000001
        00000008 0000000000000000
        00000008 00000000000003e8
        00000008 fffffffffff0bdc0
        00000008 ${((1763683200123n - 946684800000n) * 1000n).toString(16).padStart(16, '0')}
      `),
    );
  });

  it('of jsonb has the version before each text', () => {
    expect(binaryArray(OID.jsonb, asJsonb, ['[]', '"é"'])).toEqual(
      hex(`
        00000001 00000000 00000eda
        00000002 00000001
        00000003 01 5b5d
        00000005 01 22c3a922
      `),
    );
  });

  it('of bytes takes them as they are', () => {
    expect(binaryArray(OID.bytea, asBytes, [Buffer.from([0, 255, 0x7b])])).toEqual(
      hex(`
        00000001 00000000 00000011
        00000001 00000001
        00000003 00ff7b
      `),
    );
  });

  it('may be empty', () => {
    expect(binaryArray(OID.int4, asBytes, [])).toEqual(hex('00000001 00000000 00000017 00000000 00000001'));
  });

  it('may be of nulls alone', () => {
    expect(binaryArray(OID.text, asText, [null, null])).toEqual(
      hex('00000001 00000001 00000019 00000002 00000001 ffffffff ffffffff'),
    );
  });
});
