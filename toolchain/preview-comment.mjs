// @ts-check
// `npm run preview:comment -- <stack> <file>`: previews a stack and writes what would change as Markdown, for a comment on the pull
// request. A preview that fails is written as well; the exit code is the preview's.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { previewComment } from './pulumi-command/preview-comment.mjs';
import { runPulumi } from './pulumi-command/run-pulumi.mjs';
import { runMain, SetupError } from './setup/setup-error.mjs';

await runMain(async () => {
  const [stack, file] = parseArgs({ allowPositionals: true }).positionals;
  if (stack === undefined || file === undefined) throw new SetupError('Usage: npm run preview:comment -- <stack> <file>');
  let output = '';
  const code = await runPulumi(['preview', '--stack', stack, '--diff', '--non-interactive', '--color', 'never'], {
    onOutput: (text) => {
      output += text;
      process.stdout.write(text);
    },
  });
  writeFileSync(file, previewComment({ stack, output, succeeded: code === 0 }));
  return code;
});
