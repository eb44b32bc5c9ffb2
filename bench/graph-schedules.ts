import { type MeasuredServer, withServer } from './local-server.ts';
import type { Figure } from './main.ts';
import { percentile, residentMegabytes } from './run-command.ts';

const graphs = 500;

/** Five hundred graphs on schedules in one server: how late their roots start, and what the server holds in memory. */
export async function schedulesBench(report: (figure: Figure) => void): Promise<void> {
  await withServer(async (server) => {
    await server.run('CREATE DATABASE BENCH');
    await server.run('CREATE WAREHOUSE BENCH_WH');
    const before = await residentMegabytes(server.pid);
    const spread = await lateness(server, 'SPREAD', '10 SECONDS', 30);
    const burst = await lateness(server, 'BURST', 'USING CRON * * * * * UTC', 75);
    const name = `${String(graphs)} scheduled graphs`;
    report({ bench: 'graph', name: `${name}, every 10 seconds each: lateness, p99`, value: spread, unit: 'ms', aim: 500 });
    report({ bench: 'graph', name: `${name}, all on the minute: lateness, p99`, value: burst, unit: 'ms', aim: 1000 });
    report({
      bench: 'graph',
      name: `${name}: memory of the server, more than without`,
      value: (await residentMegabytes(server.pid)) - before,
      unit: 'MB',
      aim: 250,
    });
  });
}

/** Lets the graphs run for so many seconds; then how late 99 of 100 of their roots were at most, in milliseconds. */
async function lateness(server: MeasuredServer, schema: string, schedule: string, seconds: number): Promise<number> {
  await server.run(`CREATE SCHEMA BENCH.${schema}`);
  const roots = Array.from({ length: graphs }, (_, number) => `BENCH.${schema}.ROOT_${String(number)}`);
  for (const root of roots) {
    await server.run(`CREATE TASK ${root} WAREHOUSE = BENCH_WH SCHEDULE = '${schedule}' AS SELECT 1`);
    await server.run(`CREATE TASK ${root}_CHILD WAREHOUSE = BENCH_WH AFTER ${root} AS SELECT 1`);
  }
  for (const root of roots) await server.run(`SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('${root}')`);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  for (const root of roots) await server.run(`ALTER TASK ${root} SUSPEND`);
  const rows = await server.run(
    `SELECT TIMEDIFF(millisecond, SCHEDULED_TIME, QUERY_START_TIME) AS LATE
     FROM TABLE(BENCH.INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => 10000))
     WHERE SCHEMA_NAME = '${schema}' AND NAME NOT LIKE '%CHILD' AND STATE = 'SUCCEEDED'`,
  );
  if (rows.length < graphs) throw new Error(`Of ${String(graphs)} graphs only ${String(rows.length)} ran`);
  return percentile(
    rows.map((row) => Number(row['LATE'])),
    0.99,
  );
}
