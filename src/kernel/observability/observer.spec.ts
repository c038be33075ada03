import { parseEnv } from '../config/parse-env.js';
import { ServiceEnv } from '../config/service.env.js';
import { AppLogger } from './app-logger.js';
import { KernelMetrics } from './kernel-metrics.js';
import { UNIT_EVENTS } from './log-events.js';
import type { UnitName } from './log-events.js';
import { Observer } from './observer.js';
import type { Unit } from './observer.js';

type Line = Record<string, unknown>;

describe('a unit of work that is observed', () => {
  let lines: Line[];
  let metrics: KernelMetrics;
  let log: AppLogger;
  let observer: Observer;
  beforeEach(() => {
    lines = [];
    metrics = new KernelMetrics();
    const stream = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
    log = new AppLogger(parseEnv(ServiceEnv, { LOG_LEVEL: 'trace' }), stream);
    observer = new Observer(log, metrics);
  });

  async function counted(): Promise<unknown[]> {
    const { values } = await metrics.units.get();
    return values
      .filter((value) => value.metricName === 'signalbox_unit_duration_seconds_count')
      .map((value) => ({ ...value.labels, times: value.value }));
  }

  it('is one wide line with its ids, outcome, details and duration', async () => {
    const unit: Unit = { unit: 'submit', provider: 'acme', ids: { jobId: 'j', attempt: 2 } };
    const seen = await observer.observe(unit, () => Promise.resolve({ outcome: 'running', externalId: 'e' }));
    expect(seen).toEqual({ outcome: 'running', externalId: 'e' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      msg: 'submit',
      unit: 'submit',
      provider: 'acme',
      jobId: 'j',
      attempt: 2,
      outcome: 'running',
      externalId: 'e',
      ms: expect.any(Number) as number,
    });
  });

  it('is measured once, by unit, provider and outcome', async () => {
    await observer.observe({ unit: 'check', provider: 'acme' }, () => Promise.resolve({ outcome: 'open' }));
    await observer.observe({ unit: 'sweep' }, () => Promise.resolve({ outcome: 'idle' }));
    expect(await counted()).toEqual([
      { unit: 'check', provider: 'acme', outcome: 'open', times: 1 },
      { unit: 'sweep', provider: '', outcome: 'idle', times: 1 },
    ]);
  });

  it('that found nothing to do is no line for those who do not look closely', async () => {
    await observer.observe({ unit: 'sweep' }, () => Promise.resolve({ outcome: 'idle' }));
    expect(lines[0]).toMatchObject({ level: 'trace', outcome: 'idle' });
  });

  it('that throws is logged and measured as an error, and still throws', async () => {
    const work = () => Promise.reject(new Error('the disk is full'));
    await expect(observer.observe({ unit: 'process', ids: { deliveryId: 'd' } }, work)).rejects.toThrow(
      'the disk is full',
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'error',
      msg: 'process failed',
      deliveryId: 'd',
      outcome: 'error',
      error: { message: 'the disk is full' },
    });
    expect(await counted()).toEqual([{ unit: 'process', provider: '', outcome: 'error', times: 1 }]);
  });

  it.each(Object.entries(UNIT_EVENTS))('%s has a line that is always about %s', async (unit, event) => {
    const name = unit as UnitName;
    await observer.observe({ unit: name }, () => Promise.resolve({ outcome: 'done' }));
    await observer.observe({ unit: name }, () => Promise.resolve({ outcome: 'idle' }));
    await observer.observe({ unit: name }, () => Promise.reject(new Error('no'))).catch(() => undefined);
    expect(lines.map((line) => line.event)).toEqual([event, event, event]);
  });

  it('lends its ids to the lines written inside it', async () => {
    await observer.observe({ unit: 'check', ids: { jobId: 'j' } }, () => {
      log.info('inside');
      return Promise.resolve({ outcome: 'open' });
    });
    expect(lines[0]).toMatchObject({ msg: 'inside', unit: 'check', jobId: 'j' });
  });
});
