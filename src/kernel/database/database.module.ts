import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { provideEnv } from '../config/parse-env.js';
import { ObservabilityModule } from '../observability/observability.module.js';
import { dataSourceOptions } from './data-source.js';
import { DatabaseEnv, isPooled } from './database.env.js';
import { Database } from './database.js';
import { KeyWitness } from './key-witness.entity.js';

@Module({ providers: [provideEnv(DatabaseEnv)], exports: [DatabaseEnv] })
class DatabaseEnvModule {}

@Module({
  imports: [
    ObservabilityModule,
    DatabaseEnvModule,
    TypeOrmModule.forRootAsync({
      imports: [DatabaseEnvModule],
      inject: [DatabaseEnv],
      useFactory: (env: DatabaseEnv) => ({
        ...dataSourceOptions(env.DATABASE_URL, env.DATABASE_POOL, isPooled(env)),
        autoLoadEntities: true,
        migrationsRun: false,
        retryAttempts: 0,
      }),
    }),
    TypeOrmModule.forFeature([KeyWitness]),
  ],
  providers: [Database],
  exports: [Database, DatabaseEnvModule, TypeOrmModule],
})
export class DatabaseModule {}
