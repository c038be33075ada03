import type { Ears, OtherSource } from '../../audio/ears.js';
import { UnreadableAudio } from '../../audio/wav.js';
import { failed, type Work } from '../job-runner.js';
import { diarizeOutput } from './diarize.js';
import { identifyOutcome } from './identify.js';
import { voiceprintOutcome } from './voiceprint.js';

/** Listens to the recording the job names and answers for it. */
export function answerJobs(ears: Ears, media: OtherSource): Work {
  return async ({ type, request }) => {
    try {
      const heard = await ears.listenTo(request.url, media);
      if (type === 'voiceprint') return voiceprintOutcome(heard);
      if (type === 'identify') return identifyOutcome(heard, request);
      return { status: 'succeeded', output: diarizeOutput(heard, request) };
    } catch (error) {
      if (error instanceof UnreadableAudio) return failed(`The audio could not be loaded: ${error.message}.`);
      return failed(`Something went wrong inside this stand-in: ${String(error)}`);
    }
  };
}
