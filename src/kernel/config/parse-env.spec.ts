import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import type { Environment } from './parse-env.js';
import {
  EnvironmentError,
  Key,
  checkEnvironment,
  describeEnv,
  keysThatAreSet,
  parseEnv,
  provideEnv,
  setEnvironment,
} from './parse-env.js';

class KitchenEnv {
  @Key({ doc: 'How hot', aliases: ['HEAT', 'WARMTH'] })
  @IsInt()
  @Min(0)
  @Max(300)
  OVEN: number = 180;

  @Key({ doc: 'Whether the light is on' })
  LIGHT: boolean = false;

  @Key({ doc: 'What to cook', example: 'soup' })
  DISHES: string[] = ['bread'];

  @Key({ doc: 'Opens the larder', secret: true })
  LARDER_KEY: string = '';

  @Key({ doc: 'Who cooks' })
  @IsIn(['anna', 'bert'])
  COOK: string = 'anna';

  /** No variable: never read from outside. */
  plates = 4;
}

class CellarEnv {
  @Key({ doc: 'How many' })
  @IsInt()
  BARRELS: number = 3;
}

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
  return [];
}

const problems = (env: Environment) => problemsOf(() => parseEnv(KitchenEnv, env));

describe('an environment', () => {
  it('leaves every default where nothing is set', () => {
    expect(parseEnv(KitchenEnv, {})).toEqual({
      OVEN: 180,
      LIGHT: false,
      DISHES: ['bread'],
      LARDER_KEY: '',
      COOK: 'anna',
      plates: 4,
    });
  });

  it('is frozen', () => {
    const env = parseEnv(KitchenEnv, {}) as KitchenEnv;
    expect(() => (env.OVEN = 20)).toThrow(TypeError);
    expect(env.OVEN).toBe(180);
  });

  it('sets only what is marked as a variable', () => {
    expect(parseEnv(KitchenEnv, { plates: '12' }).plates).toBe(4);
  });

  it.each(['true', 'TRUE', '1', 'yes', 'On'])('reads %s as true', (word) => {
    expect(parseEnv(KitchenEnv, { LIGHT: word }).LIGHT).toBe(true);
  });

  it.each(['false', 'False', '0', 'no', 'off'])('reads %s as false', (word) => {
    expect(parseEnv(KitchenEnv, { LIGHT: word }).LIGHT).toBe(false);
  });

  it.each(['ja', '2', 'truee', 'null'])('does not take %s for true or false', (word) => {
    expect(problems({ LIGHT: word })).toEqual([`LIGHT: "${word}" is neither true nor false`]);
  });

  it.each([
    ['soup,fish', ['soup', 'fish']],
    [' soup , fish\n\ttart,, ', ['soup', 'fish', 'tart']],
    [',', []],
  ])('reads %j as a list', (text, list) => {
    expect(parseEnv(KitchenEnv, { DISHES: text }).DISHES).toEqual(list);
  });

  it.each(['', '   ', undefined])('takes %j for not set', (value) => {
    expect(parseEnv(KitchenEnv, { OVEN: value, COOK: value }).OVEN).toBe(180);
  });

  it('drops the blanks around a value', () => {
    expect(parseEnv(KitchenEnv, { COOK: ' bert\n' }).COOK).toBe('bert');
  });

  it.each(['warm', '1e999', 'NaN', '12,5'])('does not take %s for a number', (text) => {
    expect(problems({ OVEN: text })).toEqual([`OVEN: "${text}" is not a number`]);
  });

  it('that is wrong in many places says all of them at once', () => {
    const found = problems({ OVEN: '301', LIGHT: 'maybe', COOK: 'carl', DISHES: 'soup' });
    expect(found).toHaveLength(3);
    for (const name of ['OVEN', 'LIGHT', 'COOK']) expect(found.join('\n')).toContain(`${name}: `);
  });

  it('that is wrong names a variable once per sentence', () => {
    expect(problems({ OVEN: '301' })).toEqual(['OVEN: must not be greater than 300']);
  });

  it('that is wrong is told in one message, a line for each', () => {
    expect(() => parseEnv(KitchenEnv, { OVEN: 'x', LIGHT: 'y' })).toThrow(
      'The environment is not right:\n  - OVEN: "x" is not a number\n  - LIGHT: "y" is neither true nor false',
    );
  });

  it('that is no number is not scolded for being no integer as well', () => {
    expect(problems({ OVEN: 'x' })).toHaveLength(1);
  });
});

describe('an older name of a variable', () => {
  it('still works, in the order of the list', () => {
    expect(parseEnv(KitchenEnv, { WARMTH: '20' }).OVEN).toBe(20);
    expect(parseEnv(KitchenEnv, { WARMTH: '20', HEAT: '30' }).OVEN).toBe(30);
  });

  it('yields to the name of today', () => {
    expect(parseEnv(KitchenEnv, { HEAT: '30', OVEN: '40' }).OVEN).toBe(40);
  });

  it('is told by the name of today when its value is bad', () => {
    expect(problems({ HEAT: 'x' })).toEqual(['OVEN: "x" is not a number']);
  });
});

describe('a variable in a file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'env-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function fileWith(text: string): string {
    const file = join(folder, 'value');
    writeFileSync(file, text);
    return file;
  }

  it('is read, without the newline at its end', () => {
    expect(parseEnv(KitchenEnv, { LARDER_KEY_FILE: `${fileWith('sesame\n')} ` }).LARDER_KEY).toBe('sesame');
  });

  it('is converted like any other', () => {
    expect(parseEnv(KitchenEnv, { OVEN_FILE: fileWith('200\n') }).OVEN).toBe(200);
    expect(problems({ OVEN_FILE: fileWith('hot') })).toEqual(['OVEN: "hot" is not a number']);
  });

  it('yields to the variable itself', () => {
    expect(parseEnv(KitchenEnv, { OVEN: '1', OVEN_FILE: fileWith('2') }).OVEN).toBe(1);
  });

  it('works for older names too', () => {
    expect(parseEnv(KitchenEnv, { HEAT_FILE: fileWith('99') }).OVEN).toBe(99);
  });

  it('that cannot be read is a problem, not a default', () => {
    const missing = join(folder, 'missing');
    expect(problems({ LARDER_KEY_FILE: missing })).toEqual([`LARDER_KEY_FILE: ${missing} cannot be read (ENOENT)`]);
    expect(problems({ LARDER_KEY_FILE: folder })).toEqual([`LARDER_KEY_FILE: ${folder} cannot be read (EISDIR)`]);
  });

  it('that is empty is a problem, and not the number 0', () => {
    const file = fileWith(' \n');
    expect(problems({ OVEN_FILE: file })).toEqual([`OVEN_FILE: ${file} is empty`]);
  });
});

describe('the variables of several owners', () => {
  it('are checked together, and all that is bad is named', () => {
    const found = problemsOf(() => checkEnvironment([KitchenEnv, CellarEnv], { OVEN: 'x', BARRELS: '1.5' }));
    expect(found).toEqual(['OVEN: "x" is not a number', 'BARRELS: must be an integer number']);
  });

  it('pass when all are good', () => {
    expect(problemsOf(() => checkEnvironment([KitchenEnv, CellarEnv], { BARRELS: '1' }))).toEqual([]);
  });

  it('are listed by name when they are set, by whatever name or file, and never by value', () => {
    const env = { HEAT: '30', LARDER_KEY_FILE: '/run/secrets/larder', COOK: '', OTHER: 'x' };
    expect(keysThatAreSet([KitchenEnv, CellarEnv], env)).toEqual(['OVEN', 'LARDER_KEY']);
  });

  it('are described in the order in which they are written down', () => {
    const described = describeEnv(KitchenEnv);
    expect(described.map((key) => key.name)).toEqual(['OVEN', 'LIGHT', 'DISHES', 'LARDER_KEY', 'COOK']);
    expect(described[0]).toEqual({ name: 'OVEN', default: 180, doc: 'How hot', aliases: ['HEAT', 'WARMTH'] });
    expect(described[3]).toMatchObject({ secret: true, default: '' });
  });
});

describe('what a composition root found out', () => {
  afterEach(() => setEnvironment({ BARRELS: undefined }));

  it('is read by all owners, until it is taken back', () => {
    setEnvironment({ BARRELS: '7' });
    expect(parseEnv(CellarEnv).BARRELS).toBe(7);
    setEnvironment({ BARRELS: undefined });
    expect(parseEnv(CellarEnv).BARRELS).toBe(3);
  });

  it('reaches what is injected later', () => {
    const provider = provideEnv(CellarEnv) as { provide: unknown; useFactory: () => CellarEnv };
    setEnvironment({ BARRELS: '8' });
    expect(provider.provide).toBe(CellarEnv);
    expect(provider.useFactory().BARRELS).toBe(8);
  });
});
