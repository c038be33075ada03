import { Module } from '@nestjs/common';
import { MasterKey } from './master-key.js';
import { Pace } from './pace.js';
import { provideEnv } from './parse-env.js';
import { ServiceEnv } from './service.env.js';

@Module({
  providers: [provideEnv(ServiceEnv), Pace, MasterKey],
  exports: [ServiceEnv, Pace, MasterKey],
})
export class ConfigModule {}
