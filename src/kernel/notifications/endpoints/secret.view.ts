import { ApiProperty } from '@nestjs/swagger';

/** A secret in its one answer. */
export class NewSecretView {
  @ApiProperty({
    description: 'The new secret; shown this once',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=',
  })
  secret: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when an older secret signs beside it; null when none does',
  })
  oldSecretUntil: string | null;
}

/** What is known of a team’s default secret. */
export class DefaultSecretView {
  @ApiProperty({ description: 'Whether there is one: `notifyUrl` needs it' })
  exists: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the newest one was made' })
  since: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Until when an older one signs too' })
  oldSecretUntil: string | null;
}
