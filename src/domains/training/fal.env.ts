import { IsInt, IsUrl, Matches, Min } from 'class-validator';
import { Key } from '../../kernel/config/parse-env.js';

const ADDRESS = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
const NOT_AN_ADDRESS = { message: 'must be an http or https address' };
const VISIBLE = { message: 'must be one line of visible ASCII characters without spaces' };

/** What fal.ai's client and the sources of its notices are told. */
export class FalEnv {
  @Key({ doc: 'Key of the fal.ai account, `id:secret`; without it its routes answer 503', secret: true })
  @Matches(/^[\x21-\x7e]*$/, VISIBLE)
  FAL_KEY: string = '';

  @Key({
    doc: 'Id of the fal.ai account, as its notices carry it: everybody’s are signed with the same keys; without it trainings are settled by asking',
  })
  @Matches(/^[\x21-\x7e]*$/, VISIBLE)
  FAL_USER_ID: string = '';

  @Key({ doc: 'Where the queue of fal.ai is reached' })
  @IsUrl(ADDRESS, NOT_AN_ADDRESS)
  FAL_BASE_URL: string = 'https://queue.fal.run';

  @Key({ doc: 'Where the storage of fal.ai is reached' })
  @IsUrl(ADDRESS, NOT_AN_ADDRESS)
  FAL_REST_BASE_URL: string = 'https://rest.fal.ai';

  @Key({ doc: 'Where the public keys are that notices of fal.ai are signed with' })
  @IsUrl(ADDRESS, NOT_AN_ADDRESS)
  FAL_JWKS_URL: string = 'https://rest.fal.ai/.well-known/jwks.json';

  @Key({ doc: 'How far the time of a notice of fal.ai may be from ours, in seconds of real time' })
  @IsInt()
  @Min(1)
  FAL_SIGNATURE_TOLERANCE: number = 300;

  @Key({
    doc: 'Secret (`whsec_…`) that a relay signs its notices of trainings with, by Standard Webhooks; without it and the token its address answers 404',
    secret: true,
  })
  @Matches(/^[\x21-\x7e]*$/, VISIBLE)
  FAL_RELAY_SECRET: string = '';

  @Key({ doc: 'Bearer token of a relay that cannot sign', secret: true })
  @Matches(/^[\x21-\x7e]*$/, VISIBLE)
  FAL_RELAY_TOKEN: string = '';

  @Key({ doc: 'Team that trainings belong to which were started elsewhere and are heard of by a relay' })
  FAL_RELAY_TEAM: string = 'default';
}
