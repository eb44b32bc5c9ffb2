// `graph-past-runs.ts FOLDER RUNS`, with the administrator's password in BENCH_PASSWORD: has BENCH.LONG.LOAD run each minute until
// now, on a clock that does not wait, and leaves that in the server's folder.
import { FakeClock } from '../local-snowflake/platform/clock.ts';
import { startLocalServer } from '../tests/support/local-server.ts';

const minute = 60_000;
const [data = '', runs = ''] = process.argv.slice(2);
const clock = new FakeClock(Date.now() - (Number(runs) + 1) * minute);
const server = await startLocalServer({ dataDir: data, clock });
try {
  const connection = await server.connect({ password: process.env['BENCH_PASSWORD'] ?? '' });
  for (const statement of [
    'CREATE DATABASE BENCH',
    'CREATE SCHEMA BENCH.LONG',
    'CREATE WAREHOUSE BENCH_WH',
    "CREATE TASK BENCH.LONG.LOAD WAREHOUSE = BENCH_WH SCHEDULE = '1 MINUTE' AS SELECT 1",
    'CREATE TASK BENCH.LONG.CHECK WAREHOUSE = BENCH_WH AFTER BENCH.LONG.LOAD AS SELECT 2',
    "SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('BENCH.LONG.LOAD')",
  ]) {
    await connection.run(statement);
  }
  const busy = "SELECT COUNT(*) FROM TABLE(BENCH.INFORMATION_SCHEMA.CURRENT_TASK_GRAPHS()) WHERE STATE = 'EXECUTING'";
  for (let run = 0; run < Number(runs); run += 1) {
    await clock.advanceBy(minute);
    // While a run is under way the next one would be left out.
    while (Number(await connection.value(busy)) > 0);
  }
  await connection.run('ALTER TASK BENCH.LONG.LOAD SUSPEND');
} finally {
  await server.close();
}
