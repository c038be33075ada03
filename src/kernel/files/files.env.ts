import { IsInt, Min } from 'class-validator';
import { Key } from '../config/parse-env.js';

const GIB = 1_024 ** 3;

/** Where uploads and results are kept, and how much of them. */
export class FilesEnv {
  @Key({ doc: 'Folder of uploads and results; without it, `files` in SIGNALBOX_HOME', example: '/var/lib/signalbox' })
  FILES_DIR: string = '';

  @Key({ doc: 'Largest upload in bytes; larger ones get 413' })
  @IsInt()
  @Min(1)
  FILES_MAX_BYTES: number = GIB;

  @Key({
    doc: 'Most bytes in the folder, uploads under way included; past it uploads get 507, so that the disk never fills',
  })
  @IsInt()
  @Min(1)
  FILES_QUOTA_BYTES: number = 20 * GIB;

  @Key({ doc: 'Seconds until an upload expires; it lives on while a job needs it' })
  @IsInt()
  @Min(1)
  FILES_TTL: number = 7 * 24 * 3_600;
}
