// @ts-check
import { stackHasResources } from '../pulumi-command/local-state.mjs';
import { runPulumi } from '../pulumi-command/run-pulumi.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/** The stack that is deployed to the local Snowflake. */
export const localStack = 'local';

export const isDeployed = () => stackHasResources(localStack);

export const deploy = () => pulumi('up', '--yes', '--skip-preview', '--suppress-outputs');

export const destroy = () => pulumi('destroy', '--yes', '--skip-preview');

/** Drops the stack's memory of objects that went with the server they were in. */
export const forget = () => pulumi('stack', 'rm', '--force', '--preserve-config', '--yes');

/** @param {...string} args */
async function pulumi(...args) {
  const code = await runPulumi([...args, '--stack', localStack]);
  if (code !== 0) throw new SetupError(`"pulumi ${args.join(' ')}" ended with code ${code}.`);
}
