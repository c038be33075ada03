import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { JobRequest } from '../../../src/kernel/jobs/job-request.dto.js';

export class DrawingRequest extends JobRequest {
  @ApiProperty({ description: 'What to draw', example: 'a signal box', maxLength: 200 })
  @IsString()
  @IsNotEmpty({ message: 'must not be empty' })
  @MaxLength(200)
  subject: string;
}
