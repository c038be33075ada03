import { join } from 'node:path';
import type { Command } from 'commander';
import { projectRoot } from '../version.js';
import { runUntilStopped } from './until-stopped.js';

export function sandboxCommand(program: Command): void {
  program
    .command('sandbox')
    .description('run the vendors’ stand-ins alone')
    .option('--port <port>', 'where (0 = any free one)', '8090')
    .option('--factor <factor>', 'every interval is multiplied by it', '1')
    .action((options: { port: string; factor: string }) =>
      runUntilStopped(async () => {
        const { startSandbox } = await import('../sandbox/sandbox.js');
        const sandbox = await startSandbox({
          port: Number(options.port),
          factor: Number(options.factor),
          audioDir: join(projectRoot(), 'examples', 'audio'),
        });
        console.log(`stand-ins at ${sandbox.url}; point Signalbox at them with`);
        console.log(`SIGNALBOX_SANDBOX=true`);
        console.log(`PYANNOTEAI_BASE_URL=${sandbox.pyannote.baseUrl}`);
        console.log(`PYANNOTEAI_API_KEY=${sandbox.pyannote.apiKey}`);
        console.log(`PYANNOTEAI_WEBHOOK_SECRETS=${sandbox.pyannote.webhookSecret}`);
        console.log(`FAL_KEY=${sandbox.fal.key}`);
        console.log(`FAL_USER_ID=${sandbox.fal.userId}`);
        console.log(`FAL_BASE_URL=${sandbox.fal.queueUrl}`);
        console.log(`FAL_REST_BASE_URL=${sandbox.fal.restUrl}`);
        console.log(`FAL_JWKS_URL=${sandbox.fal.jwksUrl}`);
        return sandbox;
      }),
    );
}
