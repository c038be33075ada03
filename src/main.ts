import { runUntilStopped } from './cli/until-stopped.js';
import { serve } from './serve.js';

/** What `nest start` and the container run: the same as `signalbox serve`. */
void runUntilStopped(serve);
