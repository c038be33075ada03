import { IsInt, Max, Min } from 'class-validator';
import { Key } from '../../kernel/config/parse-env.js';

/** What cleans and reads photos is told. Nothing of it is needed: the built-in reader comes with npm. */
export class PhotosEnv {
  @Key({ doc: 'Threads that clean and read photos, some 300 MB each; 0: one per core, 2 at most' })
  @IsInt()
  @Min(0)
  @Max(64)
  PHOTOS_WORKERS: number = 0;

  @Key({ doc: 'Seconds of real time that a thread may spend on one photo; then the thread is replaced' })
  @IsInt()
  @Min(1)
  @Max(600)
  PHOTOS_TIMEOUT: number = 30;

  @Key({
    doc: 'Photos that one process has in hand at the same time, those included that wait for a thread or for a remote reader',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  PHOTOS_AT_ONCE: number = 20;

  @Key({ doc: 'Seconds until the pictures of a receipt (straightened, whitened) expire; what was read stays' })
  @IsInt()
  @Min(1)
  PHOTOS_PICTURES_TTL: number = 7 * 24 * 3_600;
}
