import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_EVENTS } from './kernel/observability/log-events.js';

const RUNBOOK = readFileSync(join(__dirname, '..', 'docs', 'runbook.md'), 'utf8');
const JOB = '019aa0b0-7c1e-7b3a-9b0e-5d0c2f6f8a11';

type Line = { event: string; level: string; jobId?: string; url?: string; ms?: number };

/** The cells of the table's rows; `\|` is a bar inside of one. */
function rowsOf(head: string): string[][] {
  const start = RUNBOOK.indexOf(head);
  const rows = RUNBOOK.slice(start).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

const code = (cell = '') => cell.slice(1, -1);
const table = rowsOf('| event | when | example |');
const examples = table.map(([, , example]) => code(example));
const lines = examples.map((example) => JSON.parse(example) as Line);

describe('The table of lines to grep', () => {
  it('has every event that is printed, and no other', () => {
    expect(table.map(([event]) => code(event))).toEqual([...LOG_EVENTS].sort(byTable));
  });

  it('has an example of each', () => {
    expect(lines.map(({ event }) => event)).toEqual(table.map(([event]) => code(event)));
  });

  function byTable(a: string, b: string): number {
    const order = table.map(([event]) => code(event));
    return order.indexOf(a) - order.indexOf(b);
  }
});

const BROKEN = '{"level":"error","event":"submit.done","jobId":"another","ms":7,"msg":"submit failed"}';
const WORDS = 'a sentence that is no JSON, with error and delivery. in it';
/** As a source gives them. */
const LOG = `${[...examples, BROKEN, WORDS].join('\n')}\n`;
const broken = JSON.parse(BROKEN) as Line;

const WANTED: Record<string, (line: Line) => boolean> = {
  'only webhooks': ({ event }) => event.startsWith('delivery.'),
  'only errors': ({ level }) => level === 'error',
  'one job from start to end': ({ jobId }) => jobId === JOB,
  'every step of jobs': ({ event }) => event === 'job.changed',
  'what took over a second': ({ ms = 0 }) => ms >= 1_000,
};

const recipes = rowsOf('| what | grep | jq |');
const hasJq = spawnSync('jq', ['--version']).status === 0;

function through(filter: string): Line[] {
  const { stdout, stderr } = spawnSync('sh', ['-c', filter], {
    input: LOG,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, JOB },
  });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

describe('A recipe', () => {
  it('is there for each question, and each is checked here', () => {
    expect(recipes.map(([what]) => what)).toEqual(Object.keys(WANTED));
  });

  describe.each(recipes)('for %s', (what, grep, jq) => {
    const wanted = [...lines, broken].filter(WANTED[what] ?? (() => false));

    it('finds by grep what it says, and nothing else', () => {
      expect(wanted.length).toBeGreaterThan(0);
      expect(through(code(grep))).toEqual(wanted);
    });

    (hasJq ? it : it.skip)('finds the same by jq', () => {
      expect(through(code(jq))).toEqual(wanted);
    });
  });

  it('as a whole line in the text is one of these filters after one of the sources', () => {
    const filters = recipes.map(([, grep]) => code(grep));
    const sources = rowsOf('| of | source |').map(([, source]) => code(source).split(' ')[0]);
    const last = RUNBOOK.slice(RUNBOOK.lastIndexOf('```sh'));
    const commands = last.split('\n').filter((line) => line.includes('| grep'));
    expect(commands.map((line) => line.split(' ')[0])).toEqual(sources);
    for (const line of commands) {
      expect(filters).toContain(line.slice(line.indexOf('grep')).replace('--line-buffered ', ''));
    }
  });
});
