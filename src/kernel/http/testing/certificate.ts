import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface Certificate {
  cert: string;
  key: string;
}

/** A self-signed certificate for names, in force from an hour ago. Made anew each time, so that no key is in the repository. */
export function certificateFor(names: readonly string[], endsInMs = 3_600_000): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const times = [time(Date.now() - 7_200_000), time(Date.now() + endsInMs)];
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    NAME,
    sequence(...times),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subjectAltNames(names))),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', toBeSigned, privateKey)]));
  return { cert: pem(sequence(toBeSigned, ECDSA_WITH_SHA256, signature)), key: pemOf(privateKey) };
}

/** Tag, length, value (X.690); no value here is longer than 65535 bytes. */
function der(tag: number, ...values: Buffer[]): Buffer {
  const value = Buffer.concat(values);
  const size = value.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

function sequence(...values: Buffer[]): Buffer {
  return der(0x30, ...values);
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

/** 1.2.840.10045.4.3.2 */
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
/** CN=a test; the names that count are the alternative ones. */
const NAME = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from('a test')))));

/** Extension 2.5.29.17. */
function subjectAltNames(names: readonly string[]): Buffer {
  const list = sequence(...names.map((name) => der(0x82, Buffer.from(name))));
  return sequence(oid('551d11'), der(0x04, list));
}

/** UTCTime, whose years end in 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\.\d+|\D/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2)}Z`));
}

function pem(certificate: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
