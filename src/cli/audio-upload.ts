import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { Mistake } from './mistake.js';
import { sentenceFor, unreachable } from './service-client.js';
import type { Service } from './service-client.js';

/** Bytes of a file that can be sent. @throws {Mistake} for one that cannot */
export async function sizeOfAudio(path: string): Promise<number> {
  const about = await stat(path).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new Mistake(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})`);
  });
  if (about.isDirectory()) throw new Mistake(`${path} is a folder; name one audio file`);
  if (!about.isFile()) throw new Mistake(`${path} is no regular file`);
  if (about.size === 0) throw new Mistake(`${path} is empty`);
  return about.size;
}

/** Streams a file to the service, whatever its size. Returns the id that a job names it by. @throws {Mistake} */
export async function uploadAudio(service: Service, path: string, size: number): Promise<string> {
  // A refusal comes before the file is through; on a connection that closes after it, a slow sender would only see it break.
  const agent = new (service.url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true });
  try {
    const answer = await send(service, path, size, agent).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).path === path) {
        throw new Mistake(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
      }
      throw unreachable(service.url, error);
    });
    const body = await text(answer);
    const status = answer.statusCode ?? 0;
    if (status !== 201 && status !== 200) throw new Mistake(sentenceFor(status, body));
    return (JSON.parse(body) as { id: string }).id;
  } finally {
    agent.destroy();
  }
}

async function send(
  { url, key, signal }: Service,
  path: string,
  size: number,
  agent: HttpAgent,
): Promise<IncomingMessage> {
  const address = new URL(`${url}/v1/files?name=${encodeURIComponent(basename(path))}`);
  const begin = address.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/octet-stream',
    'content-length': size,
  };
  const sent = begin(address, { method: 'POST', headers, signal, agent });
  const file = createReadStream(path, { end: size - 1 });
  try {
    return await new Promise((resolve, reject) => {
      // An answer may come before all is sent, and the connection break after it: the answer counts.
      sent.once('response', resolve).on('error', reject);
      file.once('error', (error) => {
        reject(error);
        sent.destroy();
      });
      file.pipe(sent);
    });
  } finally {
    file.destroy();
  }
}
