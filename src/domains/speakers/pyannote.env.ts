import { IsInt, IsUrl, Matches, Min } from 'class-validator';
import { Key } from '../../kernel/config/parse-env.js';

/** What pyannoteAI's client and its inbound source are told. */
export class PyannoteEnv {
  @Key({ doc: 'Key of the pyannoteAI team; without it its routes answer 503', secret: true })
  @Matches(/^[\x21-\x7e]*$/, { message: 'must be one line of visible ASCII characters without spaces' })
  PYANNOTEAI_API_KEY: string = '';

  @Key({
    doc: 'Webhook secrets of the pyannoteAI team, newest first, with their whs_ prefix; several while one is being changed',
    secret: true,
    aliases: ['PYANNOTEAI_WEBHOOK_SECRET'],
  })
  PYANNOTEAI_WEBHOOK_SECRETS: string[] = [];

  @Key({ doc: 'Where pyannoteAI is reached' })
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'must be an http or https address' },
  )
  PYANNOTEAI_BASE_URL: string = 'https://api.pyannote.ai';

  @Key({
    doc: 'Oldest signature that counts, in seconds of real time; the last retry of the vendor comes 6 minutes after the first try, maybe with its time',
  })
  @IsInt()
  @Min(1)
  PYANNOTEAI_SIGNATURE_MAX_AGE: number = 900;
}
