import { nextCheck } from '../../kernel/jobs/check-schedule.js';
import { MINUTE, SECOND } from '../../kernel/config/pace.js';
import { ProviderRegistry } from '../../kernel/jobs/provider-registry.js';
import { training } from './training.kind.js';

/** How old a job is at its first checks. */
function ages(rhythm: keyof typeof training.checks, count: number): number[] {
  const waits = Array.from({ length: count }, (_, done) => nextCheck(training.checks[rhythm], done, { openJobs: 1 }));
  return waits.map((_, i) => waits.slice(0, i + 1).reduce((sum, wait) => sum + wait, 0));
}

describe('A training', () => {
  it('whose notice may be lost is asked about at 2, 5 and 10 minutes, then every five', () => {
    const wanted = [2, 5, 10, 15, 20];
    ages('withWebhook', 5).forEach((age, i) => expect(Math.abs(age / MINUTE - (wanted[i] ?? 0))).toBeLessThan(0.25));
  });

  it('without a notice is asked about often at first, and every half minute later', () => {
    const [first = 0, , , , fifth = 0, sixth = 0] = ages('withoutWebhook', 12);
    expect(first).toBe(5 * SECOND);
    expect(sixth - fifth).toBe(30 * SECOND);
  });

  it('is a kind that the kernel takes, announced when it begins, and never sent twice', () => {
    const registry = new ProviderRegistry();
    const no = () => Promise.reject(new Error('no'));
    const provider = { name: 'fal', kinds: [training], missingKeys: () => [], submit: no, interpret: no, check: no };
    expect(() => registry.register(provider)).not.toThrow();
    expect([...registry.announcedPhases('training')]).toEqual(['training.in_progress']);
    expect(training).toMatchObject({ resubmit: 'never', deadline: 24 * 60 * MINUTE });
    expect(training.price?.({ trainer: 'fal-ai/flux-lora-portrait-trainer', inputs: {} })).toBe(6);
  });
});
