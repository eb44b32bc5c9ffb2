import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { ArgumentColumns } from '../sql/argument-columns.ts';
import type { PackedColumn } from '../sql/packed-column.ts';
import { callScalar } from './function-call.ts';
import { FunctionPool } from './function-pool.ts';
import type { PythonFunctionDefinition } from './function-worker.ts';
import { PackageList } from './package-list.ts';
import { preloadedModules } from './preloaded-modules.ts';
import { type ProcedureCall, type ProcedureValue, callProcedure } from './procedure-call.ts';
import type { PythonEnvironment } from './python-environment.ts';
import { type PartitionedRows, type TableFunctionOutput, callTable } from './table-call.ts';
import { WorkerHost } from './worker-host.ts';

export interface PythonRuntimeOptions {
  readonly python: PythonEnvironment;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** How long the fork server outlives its last task. Milliseconds. */
  readonly idleMilliseconds?: number;
  /** Whether what new code needs is imported at once, ahead of its first call. */
  readonly preload?: boolean;
}

/** Everything that runs Python for the local Snowflake. Starts no process before it is asked to run something. */
export class PythonRuntime {
  readonly host: WorkerHost;
  readonly packages: PackageList;
  readonly #functions: FunctionPool;
  readonly #options: PythonRuntimeOptions;

  constructor(options: PythonRuntimeOptions) {
    this.#options = options;
    this.host = new WorkerHost(options);
    this.packages = new PackageList(options.python);
    this.#functions = new FunctionPool(this.host, options.clock);
  }

  /**
   * Checks the PACKAGES of new code, and has them imported by the time it is called.
   * @throws SnowflakeError naming what is missing
   */
  async admit(packages: readonly string[], runtimeVersion: string): Promise<void> {
    await this.packages.check(packages, runtimeVersion);
    const modules = preloadedModules(packages);
    if (this.#options.preload !== true || modules.length === 0) return;
    // It is only about time: who calls the code meets what goes wrong here.
    this.host.preload(modules).catch((error: unknown) => {
      this.#options.logger.debug({ error }, 'the Python fork server could not be started ahead');
    });
  }

  callProcedure(call: ProcedureCall): Promise<ProcedureValue> {
    return callProcedure(this.host, call);
  }

  callScalar(definition: PythonFunctionDefinition, args: ArgumentColumns, signal?: AbortSignal): Promise<PackedColumn> {
    return callScalar(this.#functions, definition, args, signal);
  }

  callTable(
    definition: PythonFunctionDefinition,
    input: AsyncIterable<PartitionedRows>,
    take: (output: TableFunctionOutput) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    return callTable(this.#functions, definition, input, take, signal);
  }

  /** Ends every process. */
  async close(): Promise<void> {
    this.#functions.close();
    await this.host.close();
  }
}
