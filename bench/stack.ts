import type { Figure } from './main.ts';
import { runCommand } from './run-command.ts';

/** `pulumi up` from nothing and with nothing to do, on the local stack. */
export async function stackBench(report: (figure: Figure) => void): Promise<void> {
  await runCommand('make', ['down']);
  await runCommand('node_modules/.bin/local-snowflake', ['start', '--data', '.local/snowflake']);
  const up = (): Promise<{ milliseconds: number }> =>
    runCommand('toolchain/pulumi', ['up', '-s', 'local', '--yes', '--skip-preview']);
  report({ bench: 'stack', name: 'pulumi up from nothing', value: (await up()).milliseconds / 1000, unit: 's' });
  report({ bench: 'stack', name: 'pulumi up with nothing to do', value: (await up()).milliseconds / 1000, unit: 's' });
}
