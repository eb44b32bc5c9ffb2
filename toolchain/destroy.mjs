// @ts-check
// `npm run destroy -- <stack>`: removes everything that a stack has made.
import { parseArgs } from 'node:util';

import { runPulumi } from './pulumi-command/run-pulumi.mjs';
import { runMain, SetupError } from './setup/setup-error.mjs';

const help = `Usage: npm run destroy -- <stack> [--yes]

Deletes every object that the stack has created in Snowflake, data included, and empties the stack.
The stack's settings and history stay, so that "npm run pulumi -- up -s <stack>" builds it again.

  --yes   do not ask; needed where nobody can answer
  --help  this text
`;

await runMain(async () => {
  const { stack, yes, wantsHelp } = readArguments();
  if (wantsHelp) {
    process.stdout.write(help);
    return 0;
  }
  if (stack === undefined) throw new SetupError(help);
  if (!yes && !process.stdin.isTTY) {
    throw new SetupError(
      `Nobody can confirm here. To delete everything in stack "${stack}" say so: npm run destroy -- ${stack} --yes`,
    );
  }
  return runPulumi(['destroy', '--stack', stack, ...(yes ? ['--yes', '--non-interactive'] : [])]);
});

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { yes: { type: 'boolean', short: 'y', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    });
    if (positionals.length > 1) throw new Error(`One stack at a time, not ${positionals.join(', ')}.`);
    return { stack: positionals[0], yes: values.yes, wantsHelp: values.help };
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}
