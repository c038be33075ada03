import type { IncomingMessage } from 'node:http';
import { invalidField } from '../http/problem.js';
import { promisedSha256 } from './content-digest.js';
import { dispositionName, headerText, unescaped } from './file-name.js';
import { emptyFile } from './files.problems.js';
import { isMultipart, openMultipart } from './multipart.js';
import type { UploadBody } from './upload-body.js';

/** The file of a request: the body itself, or the one part of a form. Nothing of it has been read yet. */
export async function openUpload(request: IncomingMessage): Promise<UploadBody> {
  const { headers } = request;
  const sha256 = promisedSha256(headers);
  if (isMultipart(headers['content-type'])) {
    if (sha256)
      throw invalidField('content-digest', 'covers a form as a whole; send the file as the body to have it checked');
    return openMultipart(request);
  }
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) throw emptyFile();
  const length = headers['content-length'];
  return {
    name: nameIn(headers),
    mediaType: headers['content-type'],
    ...(length === undefined ? {} : { length: Number(length) }),
    ...(sha256 ? { sha256 } : {}),
    // Not destroyed with the loop that reads it: the answer goes out on the same socket.
    bytes: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>,
    whole: () => Promise.resolve(),
    abandon: () => undefined,
  };
}

function nameIn(headers: IncomingMessage['headers']): string | undefined {
  const own = headers['x-file-name'];
  if (typeof own === 'string' && own !== '') return unescaped(headerText(own));
  const disposition = headers['content-disposition'];
  return disposition === undefined ? undefined : dispositionName(disposition);
}
