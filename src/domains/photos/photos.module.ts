import { Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { ConfigModule } from '../../kernel/config/config.module.js';
import { provideEnv } from '../../kernel/config/parse-env.js';
import { FilesModule } from '../../kernel/files/files.module.js';
import { HttpModule } from '../../kernel/http/http.module.js';
import { BatchKinds } from '../../kernel/jobs/batches/batch-kinds.js';
import { JobsModule } from '../../kernel/jobs/jobs.module.js';
import { ProviderRegistry } from '../../kernel/jobs/provider-registry.js';
import { ObservabilityModule } from '../../kernel/observability/observability.module.js';
import { TeamsModule } from '../../kernel/teams/teams.module.js';
import { PhotoArrivals } from './photo-arrivals.js';
import { JobPhotos } from './photo-source.js';
import { PhotoWorkshop } from './photo-workshop.js';
import { PhotosEnv } from './photos.env.js';
import { PhotosMetrics } from './photos.metrics.js';
import { PhotosProvider } from './photos.provider.js';
import { ReceiptRequest } from './receipt.dto.js';
import { ReceiptOrders } from './receipt.orders.js';
import { ReceiptPictures } from './receipt-pictures.js';
import { ReceiptViews } from './receipt-views.js';
import { ReceiptsAnswer } from './receipts.answer.js';
import { ReceiptsController } from './receipts.controller.js';
import { ReceiptsIntake } from './receipts.intake.js';

/** Photos of receipts: cleaned in threads, and read. */
@Module({
  imports: [ConfigModule, ObservabilityModule, HttpModule, TeamsModule, FilesModule, JobsModule],
  controllers: [ReceiptsController],
  providers: [
    provideEnv(PhotosEnv),
    PhotosMetrics,
    PhotoWorkshop,
    JobPhotos,
    ReceiptPictures,
    PhotosProvider,
    ReceiptOrders,
    PhotoArrivals,
    ReceiptsIntake,
    ReceiptsAnswer,
    ReceiptViews,
  ],
})
export class PhotosModule implements OnModuleInit {
  static readonly env = [PhotosEnv] as const;

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly batches: BatchKinds,
    private readonly orders: ReceiptOrders,
    private readonly provider: PhotosProvider,
  ) {}

  onModuleInit(): void {
    this.providers.register(this.provider);
    const { batches, orders } = this;
    batches.register('receipt', ReceiptRequest, (team, wanted) => orders.newJob(team, wanted), ['name', 'page']);
  }
}
