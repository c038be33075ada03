import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GuardedFetch } from '../kernel/http/guarded-fetch.js';
import type { Outgoing } from '../kernel/notifications/destination.js';
import { SlackDestination, judged, slackText } from './slack.destination.js';

const SECRET_PATH = '/services/T000/B000/s3cr3ts3cr3t';
const guarded = new GuardedFetch({ BODY_LIMIT: 1_024, FETCH_ALLOW_CIDRS: ['127.0.0.0/8'], FETCH_ALLOW_HTTP: true });
const slack = new SlackDestination(guarded);

const outgoing = (more: Partial<Outgoing> = {}): Outgoing => ({
  url: 'https://hooks.slack.com/services/T/B/x',
  id: '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11',
  type: 'diarization.succeeded',
  timestamp: '2026-11-21T17:40:05.123Z',
  data: { job: { id: '019a', labels: { meeting: 'weekly' } } },
  attemptedAt: 1_795_000_000,
  secrets: [],
  link: 'https://signalbox.example.com/v1/jobs/019a',
  timeoutMs: 60_000,
  ...more,
});

const labelled = (label: string) => slackText(outgoing({ data: { job: { id: '019a', labels: { label } } } }));

describe('What is posted to Slack', () => {
  it('is a title, lines, and a link by a name', () => {
    expect(slackText(outgoing())).toBe(
      '*diarization succeeded*\nmeeting=weekly\njob 019a, 2026-11-21 17:40:05 UTC\n' +
        '<https://signalbox.example.com/v1/jobs/019a|Open in Signalbox>',
    );
  });

  it('has no link where there is none, and none that breaks out of its brackets', () => {
    expect(slackText(outgoing({ link: null }))).not.toContain('<');
    const link = 'https://signalbox.example.com/a|b>c&d';
    expect(slackText(outgoing({ link }))).toContain(
      '<https://signalbox.example.com/a%7Cb&gt;c&amp;d|Open in Signalbox>',
    );
  });

  it.each([
    '<!channel>',
    '<!here|here>',
    '<!subteam^S01>',
    '<@U0123>',
    '<https://evil.example|your bank>',
    '&lt;!here&gt;',
  ])('takes %s for text', (label) => {
    const text = labelled(label).split('\n')[1] ?? '';
    expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    expect(text).toContain(label.startsWith('&') ? '&amp;lt;!here' : '&lt;');
  });

  it.each(['@channel', 'all: @here', '(@everyone)', '.@all'])('mentions nobody by %s', (label) => {
    expect(labelled(label)).not.toMatch(/@[a-z]/);
  });

  it('leaves addresses and names as they are', () => {
    expect(labelled('order_id of sue@example.com')).toContain('label=order_id of sue@example.com');
  });

  it('takes markup for text', () => {
    const text = labelled('*bold* _sly_ ~gone~ `code` [bank](example.org)').split('\n')[1] ?? '';
    expect(text).not.toMatch(/[*~`]|\b_|_\b.*_ |\]\(/);
  });
});

describe('The answers of Slack', () => {
  const answered = (status: number, body: string, headers = {}) => judged({ status, headers, body: Buffer.from(body) });

  it.each([
    [200, 'ok', 'delivered'],
    [204, '', 'delivered'],
    [404, 'no_service', 'gone'],
    [404, 'no_team', 'gone'],
    [404, 'channel_not_found', 'gone'],
    [403, 'invalid_token', 'gone'],
    [410, 'channel_is_archived', 'gone'],
    [410, '', 'gone'],
    [403, 'action_prohibited', 'failed'],
    [404, 'what?', 'failed'],
    [429, 'rate_limited', 'failed'],
    [500, 'rollup_error', 'failed'],
    [302, '', 'failed'],
    [200, '<!DOCTYPE html><title>Log in</title>', 'failed'],
  ] as const)('%i %s means %s', (status, body, outcome) => {
    expect(answered(status, body)).toMatchObject({ status, outcome });
  });

  it('say why, and when to come again', () => {
    expect(answered(404, 'no_service')).toMatchObject({ error: 'answered 404: no_service', answer: 'no_service' });
    expect(answered(429, 'rate_limited', { 'retry-after': '30' })).toMatchObject({ retryAfterMs: 30_000 });
  });

  it('blame nobody for a message that we made wrong', () => {
    expect(answered(400, 'invalid_payload')).toMatchObject({ outcome: 'failed', isOurFault: true });
    expect(answered(403, 'action_prohibited').isOurFault).toBeUndefined();
  });
});

describe('The slack destination', () => {
  let server: Server;
  let url: string;
  let posted: { path?: string; type?: string; body: string }[];
  let answer: { status: number; body: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        posted.push({ path: request.url, type: request.headers['content-type'], body });
        response.writeHead(answer.status).end(answer.body);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${SECRET_PATH}`;
  });

  beforeEach(() => {
    posted = [];
    answer = { status: 200, body: 'ok' };
  });

  afterAll(() => new Promise((closed) => server.close(closed)));

  it('posts JSON once, and is done with `ok`', async () => {
    const result = await slack.send(outgoing({ url }));
    expect(result).toEqual({ outcome: 'delivered', status: 200, error: null, answer: 'ok' });
    expect(posted).toEqual([
      { path: SECRET_PATH, type: 'application/json', body: JSON.stringify({ text: slackText(outgoing()) }) },
    ]);
  });

  it('tells nothing of the address but its host, whatever goes wrong', async () => {
    answer = { status: 404, body: 'no_service' };
    const refused = await slack.send(outgoing({ url }));
    expect(refused.outcome).toBe('gone');
    const nobody = await slack.send(outgoing({ url: `http://127.0.0.1:9${SECRET_PATH}` })).catch(String);
    const inside = await slack.send(outgoing({ url: `https://10.0.0.1${SECRET_PATH}` })).catch(String);
    expect(JSON.stringify([refused, nobody, inside, slack.shown(url)])).not.toContain('s3cr3t');
    expect(slack.shown('https://hooks.slack.com/services/T/B/x')).toBe('https://hooks.slack.com/…');
  });

  it.each([
    ['https://hooks.slack.com/services/T/B/x', null],
    ['https://mattermost.example.com/hooks/x', null],
    ['https://hooks.slack.com', 'whole address'],
    ['https://10.0.0.1/hooks/x', 'private address'],
    ['hooks.slack.com/services/T/B/x', 'not a URL'],
    ['mailto:a@example.com', 'scheme'],
  ])('judges the address %s', (address, fault) => {
    const found = slack.fault(address);
    if (fault === null) expect(found).toBeNull();
    else expect(found).toContain(fault);
  });
});
