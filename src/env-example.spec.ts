import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientEnv } from './cli/client.env.js';
import { envExample } from './env-example.js';
import { envClasses } from './http-app.js';

const FILE = join(__dirname, '..', '.env.example');

describe('.env.example', () => {
  it('names every variable that is read, and no other (UPDATE_ENV_EXAMPLE=1 writes it)', () => {
    const wanted = envExample([...envClasses, ClientEnv]);
    if (process.env.UPDATE_ENV_EXAMPLE) writeFileSync(FILE, wanted);
    expect(readFileSync(FILE, 'utf8')).toBe(wanted);
  });
});
