import { Injectable } from '@nestjs/common';
import { FilesService } from '../../kernel/files/files.service.js';
import type { StoredFile } from '../../kernel/files/stored-file.entity.js';
import { Gate } from './gate.js';
import { StoredBytes } from './stored-bytes.js';
import { ZipFault, itemsOf, openZip, unpackAll } from './zip-inspection.js';
import type { Look } from './zip-inspection.js';
import type { Item } from './zip-entry.js';

/** Each holds an image, unpacked and decoded. */
const AT_A_TIME = 2;

/** A zip with images that was uploaded to us. */
@Injectable()
export class UploadedArchive {
  private readonly gate = new Gate(AT_A_TIME);

  constructor(private readonly files: FilesService) {}

  /** What is in it. @throws {ZipFault} for an archive that cannot be taken */
  look(file: StoredFile, look: Look): Promise<Item[]> {
    return this.gate.through(async () => {
      const zip = await openZip(new StoredBytes((range) => this.files.read(file, range), file.size), file.size);
      try {
        const items = await itemsOf(zip);
        if (!items.some(({ kind }) => kind === 'image')) throw new ZipFault('has no images in it');
        await unpackAll(zip, items, look);
        return items;
      } finally {
        zip.close();
      }
    });
  }
}
