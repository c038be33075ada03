// Runs in a thread of the photo pool, with nothing of Nest around it.
import { openCv } from './opencv.js';
import { photoTasks } from './photo-tasks.js';
import { serveTasks } from './thread-tasks.js';

void openCv();

export default serveTasks(photoTasks);
