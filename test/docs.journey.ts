import { createConfig, lintFromString } from '@redocly/openapi-core';
import { World } from './harness/service.js';

interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; description?: string }[];
  responses: Record<string, { content?: Record<string, { example?: unknown; examples?: Record<string, unknown> }> }>;
}

interface Document {
  info: { title: string; version: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, { type: string; scheme?: string }> };
}

/** What only people look at is not part of the API. */
const PAGES = /^\/docs(-json|-yaml|\/|$)/;

/** Every method and address that Fastify answers, in OpenAPI's spelling. */
function routesOf(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^([│ ]*)[├└]── (\S+) \(([A-Z, ]+)\)/.exec(line);
    if (!found) return [];
    const [, indent = '', part = '', methods = ''] = found;
    const depth = indent.length / 4;
    const path = `${parents[depth - 1] ?? ''}${part}`;
    parents.splice(depth, Infinity, path);
    const own = methods.split(', ').filter((method) => method !== 'HEAD' && method !== 'OPTIONS');
    return PAGES.test(path) ? [] : own.map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  });
}

describe('The documentation', () => {
  let world: World;
  let text: string;
  let document: Document;
  let operations: [string, Operation][];

  beforeAll(async () => {
    world = await (await World.create('docs')).start();
    text = await (await fetch(new URL('/docs-json', world.url))).text();
    document = JSON.parse(text) as Document;
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );
  });

  afterAll(() => world.end());

  it('is a page for people, with everything that the page loads', async () => {
    const page = await fetch(new URL('/docs', world.url));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const html = await page.text();
    expect(html).toContain('swagger-ui');
    const loaded = [...html.matchAll(/(?:src|href)="(\.?\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const path of loaded) {
      const answer = await fetch(new URL(path, page.url));
      const { status } = answer;
      await answer.arrayBuffer();
      expect({ path, status }).toEqual({ path, status: 200 });
    }
  });

  it('is the same for programs as JSON and as YAML, and says whose it is', async () => {
    const yaml = await fetch(new URL('/docs-yaml', world.url));
    expect({ status: yaml.status, begins: (await yaml.text()).slice(0, 8) }).toEqual({
      status: 200,
      begins: 'openapi:',
    });
    const { body } = await world.client.get<{ version: string }>('/');
    expect(document.info).toMatchObject({ title: 'Signalbox', version: body.version });
  });

  it('lists every route there is, and no other', () => {
    const routes = routesOf(world.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }));
    expect(routes).toEqual(expect.arrayContaining(['GET /', 'GET /metrics', 'POST /webhooks/{source}', 'GET /health']));
    expect(operations.map(([route]) => route).sort()).toEqual(routes.sort());
  });

  it('says of every route in one sentence what it does, under a heading that is explained', () => {
    const known = document.tags.map((tag) => tag.name);
    for (const [route, { summary, tags }] of operations) {
      expect({ route, summary }).toEqual({ route, summary: expect.stringMatching(/\S{2}/) as string });
      expect({ route, tags: tags?.filter((tag) => known.includes(tag)).length }).toEqual({ route, tags: 1 });
    }
  });

  it('says which routes want a key, and how they refuse one', () => {
    expect(document.components.securitySchemes.apiKey).toMatchObject({ type: 'http', scheme: 'bearer' });
    for (const [route, { security, responses }] of operations) {
      const wantsKey = route.includes(' /v1/');
      expect({ route, security }).toEqual({ route, security: wantsKey ? [{ apiKey: [] }] : [] });
      // Who one is, any valid key may ask.
      const refusals = route === 'GET /v1/caller' ? ['401'] : ['401', '403'];
      if (wantsKey)
        expect({ route, statuses: Object.keys(responses) }).toEqual({
          route,
          statuses: expect.arrayContaining(refusals) as string[],
        });
    }
  });

  it('wants a key where the service wants one, and nowhere else', async () => {
    for (const [route] of operations) {
      const [method = '', path = ''] = route.split(' ');
      const { status } = await fetch(new URL(path.replace(/\{\w+\}/g, 'x'), world.url), { method });
      expect({ route, refused: status === 401 }).toEqual({ route, refused: path.startsWith('/v1/') });
    }
  });

  it('shows how every route fails, with an example', () => {
    for (const [route, { responses }] of operations) {
      const examples = Object.entries(responses)
        .filter(([status]) => Number(status) >= 400)
        .flatMap(([, response]) => Object.values(response.content ?? {}))
        .filter((content) => content.example !== undefined || content.examples !== undefined);
      expect({ route, hasExample: examples.length > 0 }).toEqual({ route, hasExample: true });
    }
  });

  it('shows problems as they really are', async () => {
    const described = (
      (document as unknown as { components: { schemas: Record<string, { properties: object }> } }).components.schemas
        .ProblemView ?? { properties: {} }
    ).properties;
    const { body } = await world.client.post('/v1/diarizations', {});
    expect(Object.keys(body).sort()).toEqual(Object.keys(described).sort());
  });

  it('has nothing that a linter calls an error', async () => {
    const problems = await lintFromString({
      source: text,
      absoluteRef: 'openapi.json',
      config: await createConfig({ extends: ['recommended'] }),
    });
    const errors = problems
      .filter((problem) => problem.severity === 'error')
      .map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer}: ${message}`);
    expect(errors).toEqual([]);
  });
});
