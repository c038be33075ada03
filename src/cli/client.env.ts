import { IsUrl } from 'class-validator';
import { Key } from '../kernel/config/parse-env.js';

/** What commands that call a running service are told. */
export class ClientEnv {
  @Key({ doc: 'Where `diarize`, `replay`, `listen`, `trigger` and `jobs` of `signalbox` find the service' })
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http or https address' },
  )
  SIGNALBOX_URL: string = 'http://127.0.0.1:8000';

  @Key({ doc: 'API key that they call with (sbx_…)', secret: true })
  SIGNALBOX_KEY: string = '';

  @Key({
    doc: 'Secret that `signalbox listen` and `trigger` sign with (whsec_…); without it they make one and show it',
    secret: true,
  })
  SIGNALBOX_SECRET: string = '';
}
