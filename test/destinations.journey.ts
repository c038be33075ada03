import { eventually } from './harness/eventually.js';
import { MailServer } from './harness/mail-server.js';
import { World } from './harness/service.js';
import { Subscriber } from './harness/subscriber.js';

const FROM = 'Signalbox <signalbox@example.com>';
const SLACK_PATH = '/services/T000/B000/s3cr3ts3cr3t';
const SMTP_PASSWORD = 'pas5word';

interface Told {
  id: string;
  type: string;
  state: string;
  lastStatus: number | null;
  lastError: string | null;
  attempts: { status: number | null; error: string | null; answer: string | null }[];
}

describe('Destinations beyond a webhook', () => {
  let world: World;
  /** Plays Slack: it answers `ok`, or the next of `answers`. */
  let slack: Subscriber;
  let mail: MailServer;
  let answers: { status: number; body: string }[];
  /** Reply codes to the next recipients. */
  let refusals: { code: number; text: string }[];

  beforeAll(async () => {
    slack = await Subscriber.start(({ url }, response) => {
      const { status, body } = answers.shift() ?? { status: 200, body: 'ok' };
      response.writeHead(url === SLACK_PATH ? status : 404).end(body);
    });
    mail = await MailServer.start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === SMTP_PASSWORD ? done(null, { user: username }) : done(new Error('no')),
      onRcptTo: (_address, _session, done) => {
        const refusal = refusals.shift();
        done(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null);
      },
    });
    const env = { SMTP_URL: `smtp://box:${SMTP_PASSWORD}@127.0.0.1:${mail.port}`, MAIL_FROM: FROM };
    world = await (await World.create('destinations', { env })).start();
  });

  beforeEach(async () => {
    slack.received.length = 0;
    answers = [];
    refusals = [];
    mail.mails.length = 0;
    await world.db.execute('update endpoints set deleted_at = now() where deleted_at is null');
  });

  afterAll(async () => {
    await world.end();
    await mail.stop();
    await slack.down();
  });

  const slackUrl = () => new URL(SLACK_PATH, slack.url).href;
  const posted = () => slack.received.map(({ body }) => (JSON.parse(body) as { text: string }).text);

  async function endpoint(
    destination: string,
    url: string,
  ): Promise<{ id: string; url: string; secret: string | null }> {
    const made = await world.client.post<{ id: string; url: string; secret: string | null }>('/v1/endpoints', {
      destination,
      url,
    });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body;
  }

  const told = (endpointId: string): Promise<Told[]> =>
    world.db.query<Told>(
      `select id, type, state, last_status as "lastStatus", last_error as "lastError",
              (select coalesce(jsonb_agg(jsonb_build_object('status', status, 'error', error, 'answer', answer) order by number), '[]')
               from notification_attempts where notification_id = n.id) as attempts
       from notifications n where endpoint_id = $1 order by event_seq`,
      [endpointId],
    );

  const untilTold = (endpointId: string, count = 1): Promise<Told[]> =>
    eventually('everything is told', async () => {
      const rows = await told(endpointId);
      if (rows.length === count && rows.every(({ state }) => state !== 'waiting')) return rows;
      throw new Error(JSON.stringify(rows));
    });

  it('hear of a settled job once each, by a human text with a link, and stand in the same ledger', async () => {
    const { id: byMail } = await endpoint('email', 'mailto:someone@example.org');
    const { id: bySlack } = await endpoint('slack', slackUrl());
    const { id } = await world.diarize({ labels: { meeting: '<!channel> weekly' } });
    await world.until(id, 'succeeded');

    const delivered = { type: 'diarization.succeeded', state: 'delivered', lastError: null };
    const [slackRow] = await untilTold(bySlack);
    expect(slackRow).toMatchObject({ ...delivered, lastStatus: 200 });
    expect(slackRow?.attempts).toEqual([{ status: 200, error: null, answer: 'ok' }]);
    const [mailRow] = await untilTold(byMail);
    expect(mailRow).toMatchObject({ ...delivered, lastStatus: 250 });
    expect(mailRow?.attempts).toMatchObject([{ status: 250, error: null }]);

    const link = `${world.url}/v1/jobs/${id}`;
    expect(posted()).toHaveLength(1);
    expect(posted()[0]).toMatch(/^\*diarization succeeded\*\nmeeting=&lt;!channel&gt; weekly\ntook \d+ s\n/);
    expect(posted()[0]).toContain(`<${link}|Open in Signalbox>`);
    expect(mail.mails).toHaveLength(1);
    const [sent] = mail.mails;
    expect(sent).toMatchObject({ subject: 'diarization succeeded', to: ['someone@example.org'] });
    expect(sent?.text).toContain('meeting=<!channel> weekly');
    expect(sent?.text).toContain(link);
    expect(sent?.headers.get('message-id')).toEqual([`<${mailRow?.id}@example.com>`]);
    // The link is the job.
    expect((await world.client.get(new URL(link).pathname)).body).toMatchObject({ id, status: 'succeeded' });
  });

  it('are made like any endpoint, unsigned, and shown without what only their owner may know', async () => {
    const bySlack = await endpoint('slack', slackUrl());
    const byMail = await endpoint('email', 'mailto:someone@example.org');
    expect(bySlack).toMatchObject({ destination: 'slack', url: `${new URL(slack.url).origin}/…` });
    expect(byMail).toMatchObject({ destination: 'email', url: 'mailto:s…@example.org' });
    expect([bySlack.secret, byMail.secret]).toEqual([null, null]);
    const listed = await world.client.get('/v1/endpoints');
    expect(JSON.stringify(listed.body)).not.toMatch(/s3cr3t|someone/);
    await world.client.post(`/v1/endpoints/${bySlack.id}/test`);
    await untilTold(bySlack.id);
    expect(posted()[0]).toMatch(/^\*endpoint test\*\n/);
    const audit = await world.db.query('select * from audit_log');
    expect(JSON.stringify(audit)).not.toMatch(/s3cr3t|someone/);
  });

  it('refuse an address that is not theirs, and say what theirs is', async () => {
    const made = await world.client.post('/v1/endpoints', { destination: 'email', url: 'someone@example.org' });
    expect(made.status).toBe(400);
    expect(made.body).toMatchObject({
      errors: [{ field: 'url', detail: 'must be mailto: and one address, such as mailto:someone@example.com' }],
    });
  });

  it('are tried again: a mail that was put off arrives once', async () => {
    refusals = [{ code: 451, text: '4.2.0 greylisted' }];
    const { id: byMail } = await endpoint('email', 'mailto:someone@example.org');
    await world.vendor.fault('fail');
    const { id } = await world.diarize();
    await world.until(id, 'failed');
    const [row] = await untilTold(byMail);
    expect(row).toMatchObject({ state: 'delivered', type: 'diarization.failed' });
    expect(row?.attempts.map(({ status }) => status)).toEqual([451, 250]);
    expect(mail.mails).toHaveLength(1);
    expect(mail.mails[0]?.subject).toMatch(/^diarization failed: [a-z_]+$/);
    await world.vendor.clearFaults();
  });

  it('are disabled when they are gone, with the reason; the others are told, without the secret of the address', async () => {
    answers = [{ status: 404, body: 'no_service' }];
    const { id: bySlack } = await endpoint('slack', slackUrl());
    const { id: byMail } = await endpoint('email', 'mailto:someone@example.org');
    await world.until((await world.diarize()).id, 'succeeded');
    const rows = await untilTold(byMail, 2);
    expect(rows.map(({ type }) => type).sort()).toEqual(['diarization.succeeded', 'endpoint.disabled']);
    const [row] = await world.db.query<{ reason: string }>(
      'select disabled_reason as reason from endpoints where id = $1 and disabled_at is not null',
      [bySlack],
    );
    expect(row).toEqual({ reason: 'answered 404: no_service' });
    const warning = mail.mails.find(({ subject }) => subject === 'endpoint disabled');
    expect(warning?.text).toContain('answered 404: no_service');
    expect(warning?.text).toContain('slack http://127.0.0.1:');
    expect(warning?.raw).not.toContain('s3cr3t');
  });

  it('are not blamed for a mail server of ours that does not take our login', async () => {
    const { id: byMail } = await endpoint('email', 'mailto:someone@example.org');
    await world.stop();
    await world.start({ SMTP_URL: `smtp://box:wr0ng@127.0.0.1:${mail.port}` });
    const [row] = await untilTried(byMail);
    expect(row?.attempts[0]).toMatchObject({ status: 535, answer: null });
    expect(row?.attempts[0]?.error).toMatch(/^the mail server did not take our login: 535/);
    expect(await failures(byMail)).toBe(0);
    expect(JSON.stringify(row)).not.toContain('wr0ng');
  });

  it('wait without what they need, and say what it is', async () => {
    const { id: byMail } = await endpoint('email', 'mailto:someone@example.org');
    await world.stop();
    await world.start({ SMTP_URL: '', MAIL_FROM: '' });
    const [row] = await untilTried(byMail);
    expect(row?.attempts[0]?.error).toBe('email needs SMTP_URL and MAIL_FROM in the environment');
    expect(await failures(byMail)).toBe(0);
    const made = await world.client.post('/v1/endpoints', { destination: 'email', url: 'mailto:a@example.org' });
    expect(made.status).toBe(503);
  });

  /** Settles a job, and waits until the endpoint's message was tried. */
  async function untilTried(id: string): Promise<Told[]> {
    await world.until((await world.diarize()).id, 'succeeded');
    return eventually('it was tried', async () => {
      const rows = await told(id);
      return rows[0]?.attempts.length ? rows : undefined;
    });
  }

  async function failures(id: string): Promise<number | undefined> {
    const [row] = await world.db.query<{ failures: number }>('select failures from endpoints where id = $1', [id]);
    return row?.failures;
  }
});
