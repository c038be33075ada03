import { ApiProperty } from '@nestjs/swagger';
import { SCOPES } from './scopes.js';
import type { Scope } from './scopes.js';

const time = { type: String, format: 'date-time', nullable: true } as const;

/** A key as it may be shown: everything but the key. */
export class KeyView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  id: string;

  @ApiProperty({ description: 'Whose it is, for people', example: 'studio' })
  name: string;

  @ApiProperty({ description: 'The name of the team', example: 'radio' })
  team: string;

  @ApiProperty({ description: 'Its first characters, to tell keys apart', example: 'sbx_Kq3v9Z' })
  prefix: string;

  @ApiProperty({ enum: SCOPES, enumName: 'Scope', isArray: true })
  scopes: Scope[];

  @ApiProperty({ format: 'date-time' })
  createdAt: Date;

  @ApiProperty({ ...time, description: 'null: never' })
  expiresAt: Date | null;

  @ApiProperty({ ...time, description: 'To the minute; null: not yet' })
  lastUsedAt: Date | null;

  @ApiProperty(time)
  revokedAt: Date | null;
}

/** A key that was just made. */
export class NewKeyView extends KeyView {
  @ApiProperty({ description: 'The key itself. Shown this once; only its hash is kept', example: 'sbx_Kq3v9Z…' })
  key: string;
}

/** Who is calling. */
export class CallerView {
  @ApiProperty({
    type: 'object',
    required: ['id', 'name'],
    properties: { id: { type: 'string', format: 'uuid' }, name: { type: 'string', example: 'radio' } },
  })
  team: { id: string; name: string };

  @ApiProperty({ type: KeyView })
  key: KeyView;
}
