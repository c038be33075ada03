// Runs in a thread of the photo pool, with nothing of Nest around it: cleans a photo, and reads what it cleaned.
import { openCv } from './pipeline/opencv.js';
import { photoTask, photoTasks } from './pipeline/photo-tasks.js';
import { serveTasks } from './pipeline/thread-tasks.js';
import { readReceipt } from './reading/read-receipt.js';

void openCv();

export default serveTasks({ ...photoTasks, photo: photoTask(readReceipt) });
