import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../http/pagination.js';
import type { FilePurpose, StoredFile } from './stored-file.entity.js';

const PURPOSES: readonly FilePurpose[] = ['upload', 'result'];

export class FileView {
  @ApiProperty({ format: 'uuid', example: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11' })
  id: string;

  @ApiProperty({ description: 'As given, made safe to show', example: 'meeting.wav' })
  name: string;

  @ApiProperty({ description: 'As given; else by the first bytes', example: 'audio/wav' })
  mediaType: string;

  @ApiProperty({ description: 'Bytes', type: 'integer', example: 1_234_567 })
  size: number;

  @ApiProperty({
    description: 'SHA-256 of the content, in hex; also its ETag',
    example: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  })
  sha256: string;

  @ApiProperty({ enum: PURPOSES, description: 'upload: given by a caller; result: made by a vendor' })
  purpose: FilePurpose;

  @ApiProperty({
    enum: ['ready', 'lost'],
    description: 'lost: the bytes are not on our disk any more, and nobody deleted them',
  })
  state: 'ready' | 'lost';

  @ApiProperty({ format: 'date-time' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', type: String, nullable: true, description: 'null: kept until it is deleted' })
  expiresAt: Date | null;
}

export function fileView(file: StoredFile): FileView {
  const { id, name, mediaType, size, purpose, createdAt, expiresAt } = file;
  const state = file.missingSince === null ? 'ready' : 'lost';
  return { id, name, mediaType, size, sha256: file.sha256.toString('hex'), purpose, state, createdAt, expiresAt };
}

export class FilesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: PURPOSES })
  @IsOptional()
  @IsIn(PURPOSES, { message: `must be one of ${PURPOSES.join(', ')}` })
  purpose?: FilePurpose;
}

export class UploadQuery {
  @ApiPropertyOptional({ description: 'What the file is called; before all headers', example: 'meeting.wav' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  name?: string;
}
