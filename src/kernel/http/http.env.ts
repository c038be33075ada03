import { IsBoolean, IsInt, Min, ValidateBy } from 'class-validator';
import ipaddr from 'ipaddr.js';
import { Key } from '../config/parse-env.js';

/** What the HTTP side is told. */
export class HttpEnv {
  @Key({ doc: 'Largest body in bytes; larger ones get 413' })
  @IsInt()
  @Min(1_024)
  BODY_LIMIT: number = 5 * 1_024 * 1_024;

  @Key({ doc: 'Private networks that URLs given by callers may point into, as CIDRs', example: '10.20.0.0/16' })
  @ValidateBy(
    {
      name: 'cidr',
      validator: {
        validate: (value: string) => ipaddr.isValidCIDR(value),
        defaultMessage: () => 'must be CIDRs such as 10.20.0.0/16',
      },
    },
    { each: true },
  )
  FETCH_ALLOW_CIDRS: string[] = [];

  @Key({ doc: 'Endpoints and downloads may be plain http, not only https; the sandbox sets it' })
  @IsBoolean()
  FETCH_ALLOW_HTTP: boolean = false;
}
