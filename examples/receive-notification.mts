/**
 * Receives notifications of Signalbox. Node 22.18 or newer runs it as it is; `npm install standardwebhooks` once.
 *
 *   SIGNALBOX_SECRET=whsec_… PORT=3000 node examples/receive-notification.mts
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

interface Notification {
  type: string;
  timestamp: string;
  data: { job?: { id: string; status: string }; [subject: string]: unknown };
}

const webhook = new Webhook(process.env.SIGNALBOX_SECRET ?? '');
// In earnest a table with a unique column, written in the transaction of whatever the notification leads to.
const seen = new Set<string>();

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  let notification: Notification;
  try {
    // Over the bytes as they came, before anything parses them; older or newer than five minutes is refused too.
    notification = webhook.verify(body, request.headers as Record<string, string>) as Notification;
  } catch (error) {
    response.writeHead(400).end(`refused: ${(error as Error).message}\n`);
    return;
  }
  // At once: what takes over 15 s is sent again. What must not be lost is written down before.
  response.writeHead(204).end();
  const id = String(request.headers['webhook-id']);
  if (seen.has(id)) return;
  seen.add(id);
  handle(id, notification);
}

function handle(id: string, { type, timestamp, data }: Notification): void {
  console.log(`${timestamp} ${type} ${data.job ? `job ${data.job.id} is ${data.job.status}` : ''} (verified, ${id})`);
}

const port = Number(process.env.PORT ?? 3000);
const server = createServer((request, response) => void receive(request, response).catch(console.error));
server.listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}/`));
