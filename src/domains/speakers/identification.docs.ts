import { IdentificationRequest } from './identification.dto.js';
import { IdentificationResult } from './identification.result.js';
import { DocumentsSubmit } from './submit.docs.js';

const url = 'https://files.example.com/meeting.wav';
const id = '019aa0b0-9d3f-7d5c-8e2f-7f2e4b8b0c33';

const EXAMPLES = {
  library: {
    summary: 'Two people of the library, by name and by the id of a print; weak matches dropped',
    value: { url, voiceprints: [{ label: 'Anna' }, { id }], matching: { threshold: 50 } },
  },
  pasted: {
    summary: 'A print of your own keeping',
    value: { url, voiceprints: [{ label: 'Anna', voiceprint: 'U0JWMQAAgD8=' }] },
  },
};

/** Everything that the documentation says of `POST /v1/identifications`. */
export const DocumentsIdentification = () =>
  DocumentsSubmit({
    summary: 'Find out who of these people speaks when in an audio file',
    description:
      'Audio of 1 GiB and 24 h at most. People are named by a print that is given, by their label in your library, or by the id of a print in it; of several prints under one label the newest counts. Prints are stored encrypted, left out of lists, and shown to your own team only.',
    request: IdentificationRequest,
    result: IdentificationResult,
    examples: EXAMPLES,
  });
