import { IsInt, IsUrl, Min } from 'class-validator';
import { Key } from '../../../src/kernel/config/parse-env.js';

/** What the toy vendor's client and its inbound source are told. */
export class ToyEnv {
  @Key({ doc: 'Key of the toy vendor; without it its routes answer 503', secret: true })
  TOY_KEY: string = '';

  @Key({ doc: 'What the toy vendor signs its notices with', secret: true })
  TOY_SIGNING_SECRET: string = '';

  @Key({ doc: 'Where the toy vendor is reached' })
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http or https address' },
  )
  TOY_BASE_URL: string = 'https://toy.example.com';

  @Key({ doc: 'Oldest signature that counts, in seconds' })
  @IsInt()
  @Min(1)
  TOY_SIGNATURE_MAX_AGE: number = 300;
}
