import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import {
  Controller,
  HttpCode,
  Injectable,
  Module,
  Param,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import type { CanActivate, ExecutionContext, RawBodyRequest } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Repository } from 'typeorm';
import { contend } from './contender.js';
import { isSigned } from './notice.js';

/** The columns of the inbox in one simple table. */
@Entity('plain_deliveries')
class PlainDelivery {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @CreateDateColumn({ type: 'timestamptz', name: 'received_at' })
  receivedAt: Date;

  @Column('text')
  source: string;

  @Column('text')
  provider: string;

  @Column('text', { name: 'delivery_id', unique: true })
  deliveryId: string;

  @Column('jsonb')
  refs: string[];

  @Column('text')
  address: string;

  @Column('jsonb')
  headers: object;

  @Column('bytea')
  body: Buffer;
}

@Injectable()
class CheckGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<RawBodyRequest<FastifyRequest>>();
    if (!isSigned(request.headers, request.rawBody ?? Buffer.alloc(0))) throw new UnauthorizedException();
    return true;
  }
}

@Controller('webhooks')
class PlainController {
  constructor(@InjectRepository(PlainDelivery) private readonly deliveries: Repository<PlainDelivery>) {}

  @Post(':source')
  @HttpCode(200)
  @UseGuards(CheckGuard)
  async accept(@Param('source') source: string, @Req() request: RawBodyRequest<FastifyRequest>): Promise<object> {
    const body = request.rawBody ?? Buffer.alloc(0);
    const saved = await this.deliveries.save(
      this.deliveries.create({
        source,
        provider: source,
        deliveryId: createHash('sha256').update(body).digest('hex'),
        refs: [(request.body as { jobId: string }).jobId],
        address: request.ip,
        headers: request.headers,
        body,
      }),
    );
    return { deliveryId: saved.id, duplicate: false };
  }
}

/** Nest and TypeORM the plain way: a guard with the check, then one `save` per request. No request log, no metrics. */
function plainModule(url: string) {
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url,
        entities: [PlainDelivery],
        synchronize: true,
        uuidExtension: 'pgcrypto',
        installExtensions: false,
        poolSize: 32,
      }),
      TypeOrmModule.forFeature([PlainDelivery]),
    ],
    controllers: [PlainController],
  })
  class PlainModule {}
  return PlainModule;
}

contend(async () => {
  const [, , url = ''] = process.argv;
  const app = await NestFactory.create<NestFastifyApplication>(plainModule(url), new FastifyAdapter(), {
    rawBody: true,
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  return { port: (app.getHttpServer().address() as AddressInfo).port, stop: () => app.close() };
});
