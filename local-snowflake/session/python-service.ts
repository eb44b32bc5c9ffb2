import { basename } from 'node:path';
import type { PythonFunction, StatementPorts } from '../data/ports.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { isTable, type Routine, routineOf } from '../objects/routine.ts';
import { absolutePath, locate } from '../objects/stage-location.ts';
import type { PythonFunctionDefinition } from '../runtime/function-worker.ts';
import type { ProcedureValue } from '../runtime/procedure-call.ts';
import type { ImportedFile, PythonCode } from '../runtime/python-code.ts';
import type { PythonRuntime } from '../runtime/python-runtime.ts';
import { displayName, quoteIdentifier } from '../sql/identifier.ts';
import { column } from '../sql/result-set.ts';
import type { Account } from './account.ts';
import { modelMethodOf } from './model-methods.ts';
import { callServiceMethod, servedMethodOf } from './service-methods.ts';
import { Session } from './session.ts';
import type { SessionState } from './session-state.ts';
import type { StatementScope } from './statement-scope.ts';
import { callForRows } from './system-function-rows.ts';

export interface ProcedureRequest {
  readonly name: string;
  readonly routine: Routine;
  readonly args: readonly TypedValue[];
  /** The session that the code's own session shares, or is: the caller's for caller's rights, a nested one for the owner's. */
  readonly state: SessionState;
  readonly scope: StatementScope;
}

/** Runs Python on behalf of statements: finds the code's files, gives it a login of its own, takes it away again. */
export class PythonService {
  readonly runtime: PythonRuntime;
  readonly #account: () => Account;

  constructor(runtime: PythonRuntime, account: () => Account) {
    this.runtime = runtime;
    this.#account = account;
  }

  async callProcedure(request: ProcedureRequest): Promise<ProcedureValue> {
    const account = this.#account();
    const { state } = request;
    // The session that the code logs in to is the one it was called in: temporary tables and, with caller's rights, variables are seen.
    const opened: Session[] = [];
    const token = account.workerTokens.issue({
      open: async () => {
        const session = account.sessions.add(new Session(state, async () => undefined));
        opened.push(session);
        return session;
      },
    });
    const origin = new URL(account.transfers.origin);
    const context = state.context();
    try {
      return await this.runtime.callProcedure({
        code: this.#code(request.name, request.routine, request.scope),
        arguments: request.args,
        returns: request.routine.returns,
        login: {
          account: account.facts.account,
          host: origin.hostname,
          port: Number(origin.port),
          protocol: 'http',
          user: state.userName,
          token,
          ...quoted('role', context.role),
          ...quoted('database', context.database),
          ...quoted('schema', context.schema),
          ...quoted('warehouse', context.warehouse),
        },
        timezone: state.parameter('TIMEZONE') ?? 'UTC',
        signal: request.scope.signal,
      });
    } finally {
      account.workerTokens.revoke(token);
      // Code that was ended from outside has not closed them.
      for (const session of opened) await session.close();
    }
  }

  /** The data plane's call of a Python function over rows. */
  async callFunction(
    state: SessionState,
    scope: StatementScope,
    fn: PythonFunction,
    rows: Parameters<StatementPorts['callPython']>[1],
  ): ReturnType<StatementPorts['callPython']> {
    const system = callForRows(fn, rows, scope);
    if (system !== undefined) return system;
    const service = servedMethodOf(fn);
    if (service !== undefined) return callServiceMethod(service, fn, rows, scope, this.#account().services);
    return this.runtime.callScalar(this.#definition(fn, state, scope), rows, scope.signal);
  }

  /** The data plane's call of a Python table function over partitions of rows. */
  async callTable(
    state: SessionState,
    scope: StatementScope,
    fn: PythonFunction,
    input: Parameters<StatementPorts['callPythonTable']>[1],
    take: Parameters<StatementPorts['callPythonTable']>[2],
  ): ReturnType<StatementPorts['callPythonTable']> {
    await this.runtime.callTable(this.#definition(fn, state, scope), input, take, scope.signal);
  }

  #definition(fn: PythonFunction, state: SessionState, scope: StatementScope): PythonFunctionDefinition {
    const method = modelMethodOf(fn, scope);
    if (method !== undefined) return method;
    const object = this.#account().catalog.byId(fn.id);
    if (object === undefined) throw SnowflakeError.of('unknownFunction', { name: displayName(fn.name) });
    const routine = routineOf(object);
    return {
      code: this.#code(scope.catalog.displayOf(object), routine, scope),
      parameters: routine.parameters,
      // The worker gives an aggregate's results as rows of their groups.
      returns:
        fn.aggregate === true && !isTable(routine.returns) ? { table: [column('RESULT', routine.returns)] } : routine.returns,
      timezone: state.parameter('TIMEZONE') ?? 'UTC',
    };
  }

  #code(name: string, routine: Routine, scope: StatementScope): PythonCode {
    return {
      name,
      handler: routine.handler ?? '',
      ...(routine.body === null ? {} : { source: routine.body }),
      imports: routine.imports.map((written) => importedFile(written, scope)),
      packages: routine.packages,
    };
  }
}

function importedFile(written: string, scope: StatementScope): ImportedFile {
  const location = locate(written, scope, 'READ');
  return { name: basename(location.path), path: absolutePath(location) };
}

function quoted<K extends string>(key: K, name: string | null): { readonly [P in K]?: string } {
  return (name === null ? {} : { [key]: quoteIdentifier(name) }) as { readonly [P in K]?: string };
}
