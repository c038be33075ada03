import type { StoredFile } from '../../kernel/files/stored-file.entity.js';

/** An uploaded image or caption, under the name that it gets in the zip. */
export interface Photo {
  name: string;
  kind: 'image' | 'caption';
  file: StoredFile;
}
