import { Matches, ValidateIf } from 'class-validator';
import { Key } from '../config/parse-env.js';

/** How we reach Redis (5 and up), if there is one. */
export class RedisEnv {
  @Key({
    doc: 'Redis, 5 and up: bells and limits for several processes. Without it they ring inside the one process',
    secret: true,
    example: 'redis://:password@redis:6379/0',
  })
  @ValidateIf((env: RedisEnv) => env.REDIS_URL !== '')
  @Matches(/^rediss?:\/\//, { message: 'must begin with redis:// or rediss://' })
  REDIS_URL: string = '';

  @Key({ doc: 'Begins every key in Redis, so that several installations may share one' })
  @Matches(/^\S+$/, { message: 'must not be empty or contain spaces' })
  REDIS_PREFIX: string = 'signalbox';
}
