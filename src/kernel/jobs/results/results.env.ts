import { Key } from '../../config/parse-env.js';

/** Where results are put beside the API. */
export class ResultsEnv {
  @Key({
    doc: 'Folder into which each result is also written, as a file of its own with kind, UTC time and job in its name; made if it is missing. Without it, none is',
    example: '/var/lib/signalbox/results',
  })
  RESULTS_DIR: string = '';
}
