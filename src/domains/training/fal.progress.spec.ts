import { progressOf } from './fal.progress.js';

const log = (...messages: unknown[]) => messages.map((message) => ({ message, level: 'INFO' }));

describe('How far a training is', () => {
  it.each<[string, number]>([
    ['  10%|█         | 250/2500 [01:02<09:18,  4.03it/s]', 0.1],
    ['step 1250/2500, loss 0.31', 0.5],
    ['[1250 / 2500] loss=0.31', 0.5],
    ['Step 1250/2500.', 0.5],
    ['Training: 37% done', 0.37],
    ['progress 37.5 %', 0.375],
    ['2500/2500', 0.99],
    ['100%', 0.99],
    ['0/2500', 0],
  ])('is read from %j', (line, part) => expect(progressOf(log(line))).toBeCloseTo(part));

  it.each([
    'started at 11/21/2026',
    'saved to /data/12/34/model',
    'https://v3.fal.media/files/12/34/a',
    '30/20',
    '5/0',
    '140%',
    'loss 0.31',
    'Downloading weights: 100%|██████████| 5/5',
    'GPU memory 87%',
    'Creating masks 10/10',
    '',
  ])('is not read from %j', (line) => expect(progressOf(log(line))).toBeNull());

  it('is what the last line says that says anything', () => {
    expect(progressOf(log('10/100', '20/100', 'saving a sample'))).toBeCloseTo(0.2);
  });

  it('is counted up to the steps that were ordered, where the log does so', () => {
    const lines = log('300/2500', 'epoch 4/4', '95%');
    expect(progressOf(lines, 2_500)).toBeCloseTo(0.12);
    expect(progressOf(log('epoch 1/4'), 2_500)).toBeCloseTo(0.25);
  });

  it('is the end of a bar that is drawn over itself', () => {
    expect(progressOf(log('1/10\r2/10\r3/10\n'))).toBeCloseTo(0.3);
  });

  it.each([[null], [undefined], ['10%'], [{}], [[null, 7, {}, { message: null }, { message: ['10%'] }]], [[]]])(
    'is not known by %j',
    (logs) => expect(progressOf(logs)).toBeNull(),
  );

  it('takes a log of plain lines, too', () => expect(progressOf(['1/4'])).toBeCloseTo(0.25));

  it('is found at once in a log without end', () => {
    const hostile = [
      ...Array.from({ length: 200_000 }, () => ({ message: '9/' })),
      { message: '1/2'.repeat(500_000) },
      { message: `${' '.repeat(500_000)}7` },
      { message: '1'.repeat(1_000_000) },
      { message: '3/4' },
    ];
    const began = performance.now();
    expect(progressOf(hostile)).toBeCloseTo(0.75);
    expect(progressOf(hostile.slice(0, -1))).toBeNull();
    expect(performance.now() - began).toBeLessThan(200);
  });
});
