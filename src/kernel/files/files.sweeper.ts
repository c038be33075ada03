import { Injectable } from '@nestjs/common';
import { MINUTE } from '../config/pace.js';
import type { Sweeper } from '../queue/sweep.js';
import { FilesService } from './files.service.js';

const MOST = 500;

/** Removes files whose time is over. */
@Injectable()
export class FilesSweeper implements Sweeper {
  readonly name = 'files';
  readonly every = MINUTE;

  constructor(private readonly files: FilesService) {}

  sweep(): Promise<number> {
    return this.files.removeExpired(MOST);
  }
}
