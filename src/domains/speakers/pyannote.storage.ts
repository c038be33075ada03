import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Pace, SECOND } from '../../kernel/config/pace.js';
import { sendBytes } from '../../kernel/http/sent-bytes.js';
import { readJson } from '../../kernel/http/json-fields.js';
import type { VendorAnswer } from './pyannote.http.js';

const STANDSTILL = 60 * SECOND;
const MAX_ANSWER_BYTES = 64 * 1_024;

/** The vendor's object storage: the address is the permission, so the key stays at home. */
@Injectable()
export class PyannoteStorage {
  constructor(private readonly pace: Pace) {}

  /** Streams the bytes and waits for the whole answer, whatever its status. @throws what the connection throws */
  async put(address: string, bytes: Readable, size: number): Promise<VendorAnswer> {
    const { status, headers, body } = await sendBytes({
      method: 'PUT',
      url: address,
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      size,
      standstillMs: this.pace.patience(STANDSTILL),
      mostAnswer: MAX_ANSWER_BYTES,
    });
    const named = new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]));
    return { status, headers: named, json: readJson(body) };
  }
}
