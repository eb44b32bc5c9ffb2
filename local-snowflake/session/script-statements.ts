import { asSnowflakeError, SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { nextTurn } from '../platform/next-turn.ts';
import type { Binds, ChildPort, ScriptPort, StatementOutcome } from '../scripting/script-port.ts';
import type { ResultSet } from '../sql/result-set.ts';
import { ChildSessions } from './child-sessions.ts';
import { runStatement } from './run-statement.ts';
import { runImmediateText } from './statements/execute-immediate.ts';
import { type Statement, type StatementResult, statementTypes } from './statement.ts';
import { StatementScope } from './statement-scope.ts';
import { onWarehouse } from './warehouse-use.ts';

const stepsInOneTurn = 200;

/** How deep procedures and blocks may call one another. */
export const maxDepth = 64;

/** A script's way to its session: its statements are the session's, each with an id of its own, a clock and a place in the history. */
export class ScriptStatements implements ScriptPort {
  readonly #statement: Statement;
  readonly #children = new ChildSessions();
  #steps = 0;
  /** Id for the statement that is run first. */
  #nextId: string | undefined;

  constructor(statement: Statement, nextId?: string) {
    this.#nextId = nextId;
    if (statement.depth > maxDepth) throw SnowflakeError.of('recursionLimit', { depth: maxDepth });
    this.#statement = statement;
  }

  get signal(): AbortSignal {
    return this.#statement.scope.signal;
  }

  run(text: string, binds: Binds): Promise<StatementOutcome> {
    return this.#run(text, binds, runStatement);
  }

  runImmediate(text: string, binds: Binds): Promise<StatementOutcome> {
    return this.#run(text, binds, runImmediateText);
  }

  evaluate(expression: string, binds: Binds): Promise<TypedValue> {
    const statement = this.#inner(expression, binds, this.#statement.scope.queryId);
    return onWarehouse(statement, (ports) => statement.state.connection.evaluate(expression, ports));
  }

  child(): ChildPort {
    const statement = this.#statement;
    const { state, scope } = statement;
    const queryId = state.account.ids.uuid();
    const stop = new AbortController();
    const signal = AbortSignal.any([scope.signal, stop.signal]);
    return {
      queryId,
      run: (work) =>
        this.#children.run(state, signal, (beside) => {
          const own = new StatementScope(beside, { id: queryId, now: scope.now, signal, binds: scope.binds });
          return work(new ScriptStatements({ ...statement, state: beside, scope: own }, queryId));
        }),
      cancel: () => {
        stop.abort(SnowflakeError.of('queryCancelled', {}));
      },
    };
  }

  async pause(): Promise<void> {
    this.#steps += 1;
    if (this.#steps % stepsInOneTurn === 0) await nextTurn();
  }

  async #run(text: string, binds: Binds, work: (statement: Statement) => Promise<StatementResult>): Promise<StatementOutcome> {
    const { state } = this.#statement;
    const { queries, ids } = state.account;
    const id = this.#nextId ?? ids.uuid();
    this.#nextId = undefined;
    const entry = queries.start({ id, text, sessionId: state.id, user: state.userName, ...state.context() });
    try {
      const outputs = new Map<number, TypedValue>();
      const output = (index: number, value: TypedValue): void => void outputs.set(index, value);
      const outcome = await work({ ...this.#inner(text, binds, id), output });
      if (outcome.kind !== 'result')
        throw SnowflakeError.of('unsupported', { feature: 'PUT and GET in a Snowflake Scripting block' });
      state.keepResult(id, outcome.result);
      queries.end(entry, { rows: outcome.result.rows.length });
      return { queryId: id, result: outcome.result, affectedRows: affectedRows(outcome.typeId, outcome.result), outputs };
    } catch (thrown) {
      queries.end(entry, { error: asSnowflakeError(this.signal.aborted ? this.signal.reason : thrown) });
      throw thrown;
    }
  }

  #inner(text: string, binds: Binds, id: string): Statement {
    const { state, scope, depth } = this.#statement;
    const inner = new StatementScope(state, { id, now: state.account.clock.now(), signal: scope.signal, binds });
    return { text, scope: inner, state, binds, describeOnly: false, depth: depth + 1 };
  }
}

const dmlTypes: ReadonlySet<number> = new Set([
  statementTypes.insert,
  statementTypes.multiInsert,
  statementTypes.update,
  statementTypes.delete,
  statementTypes.merge,
]);

/** DML answers with its counts. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/dml-status */
function affectedRows(typeId: number, { columns, rows }: ResultSet): number | null {
  if (!dmlTypes.has(typeId)) return null;
  const counts = columns.map((column, index) => (/^number of rows /iu.test(column.name) ? Number(rows[0]?.[index] ?? 0) : 0));
  return counts.reduce((sum, count) => sum + count, 0);
}
