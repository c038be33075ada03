export interface Step {
  /** `COPY`, `RUN`, `ENV`, … */
  word: string;
  args: string;
}

export interface Stage {
  name: string;
  image: string;
  steps: readonly Step[];
}

/** The stages of a Dockerfile: one instruction a line, as ours is written. @throws for a line that is none */
export function readDockerfile(text: string): Stage[] {
  const stages: { name: string; image: string; steps: Step[] }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, word = '', args = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (word === 'FROM') {
      const [image = '', , name = 'final'] = args.split(' ');
      stages.push({ name, image, steps: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (word === '' || !stage) throw new Error(`not an instruction: ${line}`);
    stage.steps.push({ word, args });
  }
  return stages;
}

/** The arguments of all steps of one kind. */
export const argsOf = (stage: Stage | undefined, word: string): string[] =>
  (stage?.steps ?? []).filter((step) => step.word === word).map(({ args }) => args);

/** The exec form: a JSON list. */
export const execForm = (args: string | undefined): string[] => JSON.parse(args ?? '[]') as string[];

/** Whether a path may come into the image at all, by an ignore file that allows by name. */
export function allowed(ignore: string, path: string): boolean {
  return ignore.split('\n').includes(`!${path}`);
}
