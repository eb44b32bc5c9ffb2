import { spawn } from 'node:child_process';
import { PipelineFailure } from '../failure.ts';

/** What the stack says about the graph it deployed. */
export interface StackOutputs {
  /** Fully qualified name of the root task. */
  readonly rootTask: string;
  /** Name of the entry of connections.toml to connect with. */
  readonly connection: string | undefined;
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, args: readonly string[], folder: string): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';

/** Reads `pulumi stack output --json`. @throws PipelineFailure when there is no such stack or nothing is deployed in it. */
export const parseStackOutputs = (stack: string, json: string): StackOutputs => {
  let outputs: Record<string, unknown>;
  try {
    outputs = JSON.parse(json) as Record<string, unknown>;
  } catch (error) {
    throw new PipelineFailure(`The outputs of stack "${stack}" are not JSON.`, { cause: error });
  }
  const { rootTask, connection } = outputs;
  if (typeof rootTask !== 'string') {
    throw new PipelineFailure(`Stack "${stack}" has no output rootTask: nothing is deployed in it.`, {
      wayOut: `Deploy it (npm run -s pulumi -- up -s ${stack}; for the local one, make demo), or name the graph: --root DB.SCHEMA.TASK --connection NAME.`,
    });
  }
  return { rootTask, connection: typeof connection === 'string' ? connection : undefined };
};

/** Asks Pulumi, the way the project runs it, for the outputs of `stack`. */
export const readStackOutputs = async (stack: string, projectFolder: string): Promise<StackOutputs> => {
  const finished = await run('npm', ['run', '-s', 'pulumi', '--', 'stack', 'output', '--json', '-s', stack], projectFolder).catch(
    (error: unknown) => {
      throw new PipelineFailure(`Pulumi cannot be started: ${(error as Error).message}.`, { cause: error });
    },
  );
  if (finished.code === 0) return parseStackOutputs(stack, finished.stdout);
  if (/no stack named/i.test(finished.stderr)) {
    throw new PipelineFailure(`There is no stack "${stack}".`, {
      wayOut: 'See npm run -s pulumi -- stack ls; choose one with --stack, or deploy this one first.',
    });
  }
  throw new PipelineFailure(
    `Pulumi does not tell the outputs of stack "${stack}": ${lastLine(finished.stderr) || `it ended with ${String(finished.code)}`}`,
    {
      wayOut: 'Try it yourself: npm run -s pulumi -- stack output. Or name the graph: --root DB.SCHEMA.TASK --connection NAME.',
    },
  );
};
