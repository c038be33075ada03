import { answerQuestions } from '../child.js';
import { Load } from './load.js';
import type { LoadOptions, LoadResult } from './load.js';
import { Slab } from './slab.js';

/** `prepare` makes and signs requests outside the measured time; `run` sends them. */
export type LoadQuestion = { ask: 'prepare'; slab: number; count: number } | ({ ask: 'run' } & LoadOptions);

let slab: Slab | null = null;

answerQuestions<LoadQuestion>(
  (question): Promise<LoadResult> | null => {
    if (question.ask === 'prepare') {
      slab = Slab.make(question.slab, question.count);
      return null;
    }
    if (!slab) throw new Error('nothing is prepared');
    return new Load(slab, question).run();
  },
  () => undefined,
);
