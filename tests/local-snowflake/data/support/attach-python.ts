import type { PythonRuntime } from '../../../../local-snowflake/runtime/python-runtime.ts';
import { column } from '../../../../local-snowflake/sql/result-set.ts';
import type { SmallAccount } from './small-account.ts';

/** Gives the account Python table functions and aggregates whose code is in `sources`, by the functions' ids; the handler is `f`. */
export function attachPython(
  account: SmallAccount,
  runtime: PythonRuntime,
  sources: Readonly<Record<string, string>>,
  onBatch: () => void = () => undefined,
): void {
  account.pythonTable = (fn, input, take) =>
    runtime.callTable(
      {
        code: { name: fn.id, handler: 'f', source: sources[fn.id] ?? '', imports: [], packages: [] },
        parameters: fn.parameters,
        returns: 'table' in fn.returns ? fn.returns : { table: [column('RESULT', fn.returns)] },
        timezone: 'UTC',
      },
      input,
      async (rows) => {
        onBatch();
        await take(rows);
      },
    );
}
