// @ts-check
// `npm run -s pulumi -- <arguments>`: the Pulumi engine on this project, set up as docs and tests expect it.
import { runPulumi } from './pulumi-command/run-pulumi.mjs';
import { runMain } from './setup/setup-error.mjs';

await runMain(() => runPulumi(process.argv.slice(2)));
