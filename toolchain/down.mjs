// @ts-check
// `make down`: removes everything the local stack has made, and stops the local Snowflake.
import { serverExists, startServer, stopServer } from './demo/local-server.mjs';
import { destroy, forget, isDeployed } from './demo/local-stack.mjs';
import { stage } from './demo/stage.mjs';
import { allChains, setUp } from './setup/set-up.mjs';
import { runMain } from './setup/setup-error.mjs';

await runMain(async () => {
  if (!serverExists() && !isDeployed()) {
    process.stdout.write('There is nothing to take down.\n');
    return;
  }
  await setUp(allChains, { quiet: true });
  if (isDeployed() && serverExists()) {
    await stage('Local Snowflake', startServer);
    await stage('Destroying the stack', destroy);
  } else if (isDeployed()) {
    await stage('The stack was deployed to a server that is gone: forgetting it', forget);
  }
  if (serverExists()) await stage('Stopping the local Snowflake', stopServer);
});
