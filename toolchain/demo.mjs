// @ts-check
// `make demo`: the whole project on this machine. Deploys the stack to a local Snowflake with the real Pulumi engine, loads real
// data, and runs the task graph once. Ends with 0 only when the run SUCCEEDED. Can be repeated at any time.
import { parseArgs } from 'node:util';

import { serverExists, serverFolder, startServer } from './demo/local-server.mjs';
import { deploy, forget, isDeployed, localStack } from './demo/local-stack.mjs';
import { loadData } from './demo/mortgage-data.mjs';
import { runHere } from './demo/run-here.mjs';
import { stage } from './demo/stage.mjs';
import { inRoot } from './setup/paths.mjs';
import { allChains, setUp } from './setup/set-up.mjs';
import { runMain, SetupError } from './setup/setup-error.mjs';

/** How `pipeline run` ends when the graph ran and did not succeed: failed, cancelled, skipped. */
const unsuccessful = [1, 3, 4];

const next = `
What to look at next:
  npx pipeline graph                        the graph and how its last run went
  npx pipeline logs TRAIN_MODEL             what a task printed; its error when it failed
  npx local-snowflake outbox                e-mails and webhook calls
  npx local-snowflake history               the statements that were served
  npm run -s pulumi -- preview -s local     what a change of yours would change
  export SNOWFLAKE_HOME=${serverFolder}     then connection "local" works in any Snowflake client
  make demo THRESHOLD=0.99                  a model that does not pass the quality gate
  make down                                 remove it all
`;

await runMain(async () => {
  const runConfig = readThreshold();
  await setUp(allChains, { quiet: true });
  const isNewServer = !serverExists();
  await stage('Local Snowflake', startServer);
  if (isNewServer && isDeployed()) await stage('The stack was deployed to a server that is gone: forgetting it', forget);
  await stage('Deploying the stack', deploy);
  await stage('Loading the mortgage data', loadData);
  const code = await stage('Running the task graph', () =>
    runHere(inRoot('node_modules', '.bin', 'pipeline'), ['run', '--stack', localStack, ...runConfig], { answers: unsuccessful }),
  );
  process.stdout.write(next);
  return code;
});

/** The part of the run's configuration that the command line changes. */
function readThreshold() {
  const { threshold } = parseArgs({ options: { threshold: { type: 'string' } } }).values;
  if (threshold === undefined) return [];
  if (!/^(0|1|0?\.\d+|1\.0+)$/u.test(threshold))
    throw new SetupError(`THRESHOLD must be a number from 0 to 1, not "${threshold}".`);
  return ['--config', `threshold=${Number(threshold)}`];
}
