import { SnowflakeError } from '../errors/snowflake-error.ts';
import { splitStatements } from '../sql/split-statements.ts';
import { bindingRows } from './bindings.ts';
import type { QueryEntry } from './query-log.ts';
import { runStatement } from './run-statement.ts';
import type { ClientSession, ParameterValue, Query, SessionContext, StatementOutcome, StatementRequest } from './service.ts';
import { SessionQueries } from './session-queries.ts';
import { SessionQuery } from './session-query.ts';
import type { SessionState } from './session-state.ts';
import { statementTypes } from './statement.ts';
import { StatementScope } from './statement-scope.ts';

/** A client's session: takes statements, keeps what runs and what has ended. */
export class Session implements ClientSession {
  readonly state: SessionState;
  readonly #queries = new SessionQueries();
  readonly #onClose: (() => Promise<void>) | undefined;
  #closed = false;

  /** `onClose` replaces what closing does, for sessions that only share their state with the one that owns it. */
  constructor(state: SessionState, onClose?: () => Promise<void>) {
    this.state = state;
    this.#onClose = onClose;
  }

  get id(): number {
    return this.state.id;
  }

  get user(): string {
    return this.state.userName;
  }

  context(): SessionContext {
    return this.state.context();
  }

  parameters(): readonly ParameterValue[] {
    return clientParameters.map(([name, kind]) => ({ name, value: typed(this.state.parameter(name) ?? '', kind) }));
  }

  /** `id` for whoever had to know the query's id before it ran. */
  submit(request: StatementRequest, id = this.state.account.ids.uuid()): Query {
    const { account } = this.state;
    const query = new SessionQuery(
      id,
      request.text,
      account.queries.start({ id, text: request.text, sessionId: this.id, user: this.user, ...contextFacts(this.state) }),
    );
    this.#queries.add(query, request.requestId);
    query.follow(this.#run(request, query), (entry, end) => {
      account.queries.end(entry, end);
      this.#queries.ended(query);
    });
    return query;
  }

  query(queryId: string): Query {
    const found = this.#queries.get(queryId) ?? this.#ofOtherSession(queryId);
    if (found === undefined) throw SnowflakeError.of('statementNotFound', { queryId });
    return found;
  }

  abort(requestId: string): boolean {
    return this.#queries.ofRequest(requestId)?.abort() ?? false;
  }

  heartbeat(): void {
    // Sessions do not time out here; a heartbeat only shows that the client lives.
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.state.account.sessions.remove(this);
    for (const query of this.#queries.running()) query.abort();
    await (this.#onClose === undefined ? this.state.dispose() : this.#onClose());
  }

  hasQuery(queryId: string): Query | undefined {
    return this.#queries.get(queryId);
  }

  running(): readonly Query[] {
    return this.#queries.running();
  }

  /** Cancels every running statement; how many there were. */
  abortAll(except?: string): number {
    return this.#queries.running().filter((query) => query.id !== except && query.abort()).length;
  }

  #ofOtherSession(queryId: string): Query | undefined {
    for (const session of this.state.account.sessions.all()) {
      const found = session.user === this.user ? session.hasQuery(queryId) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #run(request: StatementRequest, query: SessionQuery): Promise<StatementOutcome> {
    const texts = splitStatements(request.text);
    if (texts.length === 0) throw SnowflakeError.of('emptyStatement', {});
    const desired = Number(request.parameters['MULTI_STATEMENT_COUNT'] ?? this.state.parameter('MULTI_STATEMENT_COUNT') ?? 1);
    if (desired !== 0 && texts.length !== desired) {
      throw SnowflakeError.of('multiStatementCount', { actual: texts.length, desired });
    }
    if (texts.length > 1 || (desired > 1 && texts.length === desired)) return this.#runEach(texts, request);
    return this.#runOne(request.text, bindingRows(request.bindings), request, query);
  }

  async #runEach(texts: readonly string[], request: StatementRequest): Promise<StatementOutcome> {
    const queries: { id: string; statementTypeId: number }[] = [];
    for (const text of texts) {
      const child = this.submit({
        ...request,
        requestId: `${request.requestId}:${String(queries.length)}`,
        text,
        parameters: { ...request.parameters, MULTI_STATEMENT_COUNT: 1 },
      });
      const outcome = await child.outcome();
      queries.push({ id: child.id, statementTypeId: outcome.statementTypeId });
    }
    return {
      kind: 'multi',
      queries,
      statementTypeId: statementTypes.multi,
      context: this.context(),
      parameters: this.parameters(),
      numberOfBinds: 0,
    };
  }

  async #runOne(
    text: string,
    bindRows: ReturnType<typeof bindingRows>,
    request: StatementRequest,
    query: SessionQuery,
  ): Promise<StatementOutcome> {
    const { state } = this;
    const binds = bindRows[0] ?? new Map<string, never>();
    const parameters = new Map(Object.entries(request.parameters).map(([name, value]) => [name, String(value)]));
    const scope = new StatementScope(state, {
      id: query.id,
      now: state.account.clock.now(),
      signal: query.signal,
      binds,
      parameters,
    });
    const cancelTimeout = this.#timeout(query, scope);
    try {
      const result = await runStatement({ text, scope, state, binds, bindRows, describeOnly: request.describeOnly, depth: 0 });
      if (result.kind === 'result' && !request.describeOnly) state.keepResult(query.id, result.result);
      const { typeId, ...rest } = result;
      const facts = {
        statementTypeId: typeId,
        context: state.context(),
        parameters: this.parameters(),
        numberOfBinds: Object.keys(request.bindings).length,
      };
      if (rest.kind !== 'result') return { ...rest, ...facts };
      const format = scope.parameter('PYTHON_CONNECTOR_QUERY_RESULT_FORMAT').toUpperCase();
      return { ...rest, ...facts, arrow: typeId === statementTypes.select && !request.describeOnly && format === 'ARROW' };
    } finally {
      cancelTimeout();
    }
  }

  /** https://docs.snowflake.com/en/sql-reference/parameters#statement-timeout-in-seconds; 0 is the longest there is. */
  #timeout(query: SessionQuery, scope: StatementScope): () => void {
    const { clock } = this.state.account;
    const seconds = Number(scope.parameter('STATEMENT_TIMEOUT_IN_SECONDS'));
    if (seconds === 0) return () => undefined;
    return clock.at(clock.now() + seconds * 1000, () => {
      query.abort(SnowflakeError.of('statementTimeout', { seconds }));
    });
  }
}

function contextFacts(state: SessionState): Pick<QueryEntry, 'role' | 'warehouse' | 'database' | 'schema'> {
  return state.context();
}

/** Parameters that drivers read from login and query answers. */
const clientParameters: readonly (readonly [string, 'text' | 'number' | 'boolean'])[] = [
  ['AUTOCOMMIT', 'boolean'],
  ['BINARY_OUTPUT_FORMAT', 'text'],
  ['CLIENT_PREFETCH_THREADS', 'number'],
  ['CLIENT_RESULT_CHUNK_SIZE', 'number'],
  ['CLIENT_SESSION_KEEP_ALIVE', 'boolean'],
  ['CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY', 'number'],
  ['CLIENT_STAGE_ARRAY_BINDING_THRESHOLD', 'number'],
  ['CLIENT_TELEMETRY_ENABLED', 'boolean'],
  ['DATE_OUTPUT_FORMAT', 'text'],
  ['QUERY_RESULT_FORMAT', 'text'],
  ['TIMESTAMP_LTZ_OUTPUT_FORMAT', 'text'],
  ['TIMESTAMP_NTZ_OUTPUT_FORMAT', 'text'],
  ['TIMESTAMP_OUTPUT_FORMAT', 'text'],
  ['TIMESTAMP_TZ_OUTPUT_FORMAT', 'text'],
  ['TIMEZONE', 'text'],
  ['TIME_OUTPUT_FORMAT', 'text'],
];

function typed(value: string, kind: 'text' | 'number' | 'boolean'): string | number | boolean {
  if (kind === 'boolean') return value === 'true';
  return kind === 'number' ? Number(value === '' ? 0 : value) : value;
}
