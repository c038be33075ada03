import { Injectable } from '@nestjs/common';
import type { StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { CallerRequest } from '../teams/caller.js';
import { byteRange, isKnownTo, rangeStillHolds } from './byte-range.js';
import { attachment } from './file-name.js';
import { rangeNotSatisfiable } from './files.problems.js';
import { FilesService } from './files.service.js';
import { etagOf } from './stored-file.entity.js';
import type { StoredFile } from './stored-file.entity.js';
import { Transfers } from './transfers.js';

/** How content goes out: whole or in part, always as a download, never as something that a browser runs. */
@Injectable()
export class FileDownload {
  constructor(
    private readonly files: FilesService,
    private readonly transfers: Transfers,
  ) {}

  /** 200, 206 or 304. @throws a 416 for a range outside the file, a 410 when its bytes are not there */
  async send(file: StoredFile, request: CallerRequest, reply: FastifyReply): Promise<StreamableFile | undefined> {
    const etag = etagOf(file);
    void reply.headers({ ...HEADERS, ETag: etag });
    if (isKnownTo(request.headers['if-none-match'], etag)) {
      void reply.status(304);
      return undefined;
    }
    const holds = rangeStillHolds(oneOf(request.headers['if-range']), etag);
    const range = holds ? byteRange(request.headers.range, file.size) : null;
    if (range === 'unsatisfiable') throw rangeNotSatisfiable(file.size);
    const stream = await this.files.content(file, range ?? undefined);
    void reply.headers({
      'Content-Type': file.mediaType,
      'Content-Disposition': attachment(file.name),
      'Content-Length': String(range ? range.end - range.start + 1 : file.size),
      'Repr-Digest': `sha-256=:${file.sha256.toString('base64')}:`,
    });
    if (range) {
      void reply.status(206).header('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`);
    }
    return this.transfers.send(stream, request);
  }
}

const HEADERS = {
  'Accept-Ranges': 'bytes',
  'Cache-Control': 'private, no-cache',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
};

const oneOf = (value: string | string[] | undefined) => [value].flat()[0];
