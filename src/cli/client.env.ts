import { IsUrl } from 'class-validator';
import { Key } from '../kernel/config/parse-env.js';

/** What commands that call a running service are told. */
export class ClientEnv {
  @Key({ doc: 'Where `signalbox diarize` and `signalbox replay` find the service' })
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http or https address' },
  )
  SIGNALBOX_URL: string = 'http://127.0.0.1:8000';

  @Key({ doc: 'API key that it calls with (sbx_…)', secret: true })
  SIGNALBOX_KEY: string = '';
}
