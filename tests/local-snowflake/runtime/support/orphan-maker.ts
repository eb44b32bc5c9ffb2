/** A server that is about to be killed: starts a function that starts processes of its own, prints their ids, and waits. */
import { systemIds } from '../../../../local-snowflake/platform/ids.ts';
import { SystemClock } from '../../../../local-snowflake/platform/clock.ts';
import { silentLogger } from '../../../../local-snowflake/platform/logger.ts';
import { WorkerHost } from '../../../../local-snowflake/runtime/worker-host.ts';
import { makeTaskFolder } from '../../../../local-snowflake/runtime/task-folder.ts';
import { testPython } from './test-host.ts';

const host = new WorkerHost({ python: testPython, clock: new SystemClock(), ids: systemIds, logger: silentLogger });
const folder = await makeTaskFolder(host, []);
const source = `
import os, subprocess, sys, time
child = subprocess.Popen(["setsid", "sleep", "1000"])
print(os.getppid(), os.getpid(), child.pid, flush=True)
time.sleep(1000)
def f(): pass
`;
const task = await host.start({
  modules: [],
  output: { limit: 1000 },
  onOutput: (_, data) => {
    process.stdout.write(`${String(host.forkServerProcessId)} ${data.toString()}`);
  },
});
await task.send({
  kind: 'function',
  setting: folder.setting,
  code: source,
  handler: 'f',
  arguments: [],
  returns: { kind: 'VARCHAR' },
  timezone: 'UTC',
});
await task.ended;
