// A thread that loads all that reads receipts, and that a photo can end.
import { photoTask, photoTasks } from '../../pipeline/photo-tasks.js';
import type { PhotoInput } from '../../pipeline/photo-tasks.js';
import { serveTasks } from '../../pipeline/thread-tasks.js';
import { readReceipt } from '../read-receipt.js';

const read = photoTask(readReceipt);

export default serveTasks({
  ...photoTasks,
  photo: (input: PhotoInput) => (input.options?.read?.misdeed === 'exit' ? process.exit(7) : read(input)),
});
