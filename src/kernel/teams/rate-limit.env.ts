import { IsInt, Max, Min } from 'class-validator';
import { Key } from '../config/parse-env.js';

/** How often a caller may ask. */
export class RateLimitEnv {
  @Key({
    doc: 'Requests per API key and window, then 429; counted over all processes with Redis, else by each (0 = no limit)',
  })
  @IsInt()
  @Min(0)
  RATE_LIMIT: number = 600;

  @Key({ doc: 'Seconds of one window of RATE_LIMIT, from the first request of a key' })
  @IsInt()
  @Min(1)
  @Max(86_400)
  RATE_LIMIT_WINDOW: number = 60;

  @Key({ doc: 'Requests with no or a bad key per address and minute; then 429, except with a good one (0 = no limit)' })
  @IsInt()
  @Min(0)
  RATE_LIMIT_REFUSALS: number = 20;
}
