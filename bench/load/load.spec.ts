import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BODY_BYTES, SECRET, bodyOf, isSigned, jobIdOf } from '../ingest/notice.js';
import { verifySignature } from '../../src/domains/speakers/pyannote.signature.js';
import { AnswerReader } from './answer-reader.js';
import { Load } from './load.js';
import { Slab } from './slab.js';

describe('the load of the ingest bench', () => {
  it('makes notices of 2 KB of JSON, every one another', () => {
    const bodies = [bodyOf(jobIdOf(1, 1)), bodyOf(jobIdOf(1, 2)), bodyOf(jobIdOf(2, 1))];
    expect(bodies.map((body) => body.length)).toEqual([BODY_BYTES, BODY_BYTES, BODY_BYTES]);
    expect(bodies.map((body) => (JSON.parse(body.toString()) as { jobId: string }).jobId)).toEqual([
      jobIdOf(1, 1),
      jobIdOf(1, 2),
      jobIdOf(2, 1),
    ]);
    expect(new Set(bodies.map((body) => createHash('sha256').update(body).digest('hex'))).size).toBe(3);
  });

  it('reads answers that come in pieces, and which notice was acked as new', () => {
    const reader = new AnswerReader();
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 39\r\n\r\n{"deliveryId":"an-id","duplicate":false}';
    const whole = answer.replace('39', '40');
    expect([whole.slice(0, 20), whole.slice(20, 60), whole.slice(60)].map((part) => reader.read(part))).toEqual([
      null,
      null,
      { status: 200, deliveryId: 'an-id' },
    ]);
    expect(reader.read(whole.replace('false', 'true ').replace('"d', '"d'))).toEqual({ status: 200, deliveryId: null });
    expect(() => reader.read('HTTP/1.1 200 OK\r\n\r\n')).toThrow('without a length');
  });

  it('sends each request once, signed as the service wants it, and counts what comes back', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts);
        verifySignature({
          headers: request.headers,
          body,
          secrets: [SECRET],
          maxAgeSeconds: 900,
          nowSeconds: Date.now() / 1_000,
        });
        seen.push((JSON.parse(body.toString()) as { jobId: string }).jobId);
        const text = JSON.stringify({ deliveryId: `kept-${seen.length}`, duplicate: false });
        response.writeHead(isSigned(request.headers, body) ? 200 : 401, { 'content-length': text.length }).end(text);
      });
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;

    const result = await new Load(Slab.make(7, 110), { port, connections: 4, seconds: 60, from: 10 }).run();
    server.close();
    expect(seen.toSorted()).toEqual(Array.from({ length: 100 }, (_, index) => jobIdOf(7, index + 10)).toSorted());
    expect(result).toMatchObject({ requests: 100, statuses: { 200: 100 }, next: 110 });
    expect(result.latencies).toHaveLength(100);
    expect(new Set(result.acked.map(([index]) => index)).size).toBe(100);
    expect(result.acked.every(([index, id]) => seen[Number(id.slice(5)) - 1] === jobIdOf(7, index))).toBe(true);
  });
});
