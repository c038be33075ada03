import type { FastifyInstance } from 'fastify';
import { ZipFile } from 'yazl';
import { plainPng } from './outputs/plain-png.js';

type Sample = { Querystring: { images?: string; captions?: string } };

const MOST = 100;

/** Pictures for trying things out, in an archive at an address that a trainer can fetch them from. */
export function sampleRoutes(admin: FastifyInstance): void {
  admin.get<Sample>('/fal/images.zip', (request, reply) => {
    const { images = '12', captions = '0' } = request.query;
    const zip = new ZipFile();
    for (let n = 1; n <= Math.min(MOST, Number(images)); n++) {
      zip.addBuffer(plainPng(64, (n * 37) % 256), `photo-${n}.png`);
      if (n <= Number(captions)) zip.addBuffer(Buffer.from(`[trigger], photo ${n}`), `photo-${n}.txt`);
    }
    zip.end();
    return reply.type('application/zip').send(zip.outputStream);
  });
}
