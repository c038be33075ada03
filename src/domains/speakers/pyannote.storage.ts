import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { readJson } from './json-fields.js';
import type { VendorAnswer } from './pyannote.http.js';

/** A gigabyte may take its time, but not stand still. */
const STANDSTILL = 60 * SECOND;
const MAX_ANSWER_BYTES = 64 * 1_024;

/** The vendor's object storage: the address is the permission, so the key stays at home. */
@Injectable()
export class PyannoteStorage {
  constructor(private readonly pace: Pace) {}

  /** Streams the bytes and waits for the whole answer, whatever its status. @throws what the connection throws */
  async put(address: string, bytes: Readable, size: number): Promise<VendorAnswer> {
    const url = new URL(address);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = send(url, {
      method: 'PUT',
      // Object storages take no body of unknown length.
      headers: { 'content-type': 'application/octet-stream', 'content-length': size, connection: 'close' },
    });
    sent.setTimeout(this.pace.patience(STANDSTILL), () => sent.destroy(new Error('the upload stands still')));
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        // An answer may come before all is sent, and the connection break after it: the answer counts.
        sent.once('response', resolve).on('error', reject);
        bytes.once('error', (error) => sent.destroy(error));
        bytes.pipe(sent);
      });
      const { statusCode: status = 0, headers } = response;
      const named = new Headers(
        Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return { status, headers: named, json: readJson(await wholeBody(response)) };
    } finally {
      bytes.destroy();
      sent.destroy();
    }
  }
}

async function wholeBody(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    size += (part as Buffer).length;
    if (size > MAX_ANSWER_BYTES) break;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
