import { signedMessage } from './forwarder.js';
import { post } from './post.js';
import { TourReceiver } from './tour-receiver.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw9cN6WkBZ1sE=';
const body = JSON.stringify({ type: 'diarization.succeeded', data: { job: { id: 'j1', status: 'succeeded' } } });

describe('The demo’s own receiver', () => {
  let receiver: TourReceiver;
  beforeEach(async () => {
    receiver = await TourReceiver.start();
    receiver.secret = SECRET;
  });
  afterEach(() => receiver.stop());

  const send = (secret: string) => post(receiver.url, signedMessage('n1', body, secret), new AbortController().signal);

  it('believes what is signed, and passes it on', async () => {
    const told = receiver.toldOf('j1');
    expect(await send(SECRET)).toMatchObject({ status: 204 });
    expect(await told).toMatchObject({
      id: 'n1',
      type: 'diarization.succeeded',
      data: { job: { status: 'succeeded' } },
    });
  });

  it('lets the demo fail for what it cannot verify', async () => {
    expect(await send(`whsec_${Buffer.alloc(32).toString('base64')}`)).toMatchObject({ status: 400 });
    await expect(receiver.toldOf('j1')).rejects.toThrow(/^a notification could not be verified: No matching signature/);
  });
});
