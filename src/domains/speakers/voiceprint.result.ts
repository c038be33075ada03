import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The result of a voiceprint job: the vendor’s output; fields new to us are kept. Only the job’s own team gets to see it. */
export class VoiceprintResult {
  @ApiProperty({ description: 'The print: opaque, up to 20,000 characters', example: 'U0JWMQ…' })
  voiceprint: string;

  @ApiPropertyOptional({ example: '2 voices were heard where one was expected' })
  warning?: string;
}
