import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClientEnv } from './cli/client.env.js';
import { PhotosMetrics } from './domains/photos/photos.metrics.js';
import { envClasses } from './http-app.js';
import { describeEnv } from './kernel/config/parse-env.js';
import { KernelMetrics } from './kernel/observability/kernel-metrics.js';

const DOCS = join(__dirname, '..', 'docs');
/** Of the old server: named so that they are found. */
const OLD = ['PYANNOTEAI_API_TOKEN'];

/** What a page says of variables and metrics is held against the classes that have them. */
describe.each(readdirSync(DOCS).filter((name) => name.endsWith('.md')))('docs/%s', (name) => {
  const text = readFileSync(join(DOCS, name), 'utf8');
  const all = (pattern: RegExp) => [...new Set(Array.from(text.matchAll(pattern), ([found]) => found))];

  it('names no variable that is not read', () => {
    const keys = [...envClasses, ClientEnv].flatMap((cls) => describeEnv(cls));
    const known = keys.flatMap((key) => [key.name, ...(key.aliases ?? [])]).flatMap((key) => [key, `${key}_FILE`]);
    const named = all(/\b(?:FAL|PYANNOTEAI|SIGNALBOX|WEBHOOK_SERVER)_[A-Z_]+\b/g);
    expect(named.filter((key) => !known.includes(key) && !OLD.includes(key))).toEqual([]);
  });

  it('names no metric that is not counted', async () => {
    const kernel = new KernelMetrics();
    new PhotosMetrics(kernel);
    const counted = (await kernel.registry.getMetricsAsJSON()).map((metric) => metric.name);
    const named = all(/\bsignalbox_[a-z_]+/g).map((metric) => metric.replace(/_(count|sum|bucket)$/, ''));
    expect(named.filter((metric) => !counted.includes(metric))).toEqual([]);
  });

  it('leads nowhere that is not there', () => {
    // Of our own; whether others' are still there is not for a test to say.
    const links = all(/\]\((?!https:)[^)]+\)/g).map((link) => link.slice(2, -1));
    for (const link of links) {
      const [file = '', heading] = link.split('#');
      const path = file === '' ? join(DOCS, name) : join(DOCS, file);
      expect({ link, there: existsSync(path) }).toEqual({ link, there: true });
      if (heading === undefined) continue;
      const headings = readFileSync(path, 'utf8').match(/^#+ .*$/gm) ?? [];
      expect(headings.map((line) => line.replace(/^#+ /, '').toLowerCase().replaceAll(' ', '-'))).toContain(heading);
    }
  });
});
