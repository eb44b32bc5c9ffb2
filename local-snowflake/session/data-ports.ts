import type { CatalogObject } from '../catalog/catalog-object.ts';
import type {
  AppliedPolicy,
  FileFormatOptions,
  Protection,
  Relation,
  RelationAccess,
  StageLocation,
  StatementFacts,
  StatementPorts,
  TableFunction,
  TypedCell,
} from '../data/ports.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { OwnTable } from '../objects/effects.ts';
import { resolveFunction } from './function-lookup.ts';
import { type PolicyInForce, protectionOf } from '../objects/policy/policies-in-force.ts';
import { policyOf } from '../objects/policy/policy.ts';
import { retentionTime } from '../objects/retention.ts';
import { locate, type Location } from '../objects/stage-location.ts';
import { directoryColumns } from '../objects/stage-directory.ts';
import { sourceKindOf } from '../objects/stream/source-kind.ts';
import { sourceOf } from '../objects/stream/stream-source.ts';
import type { TableColumnRecord } from '../objects/table-columns.ts';
import { displayIdentifier, displayName, type ObjectName } from '../sql/identifier.ts';
import { readStage } from './stage-access.ts';
import { StatementSession } from './session-facts.ts';
import { informationSchema, type SessionState } from './session-state.ts';
import { StatementScope } from './statement-scope.ts';
import { functionOfRows } from './system-function-rows.ts';
import type { Statement } from './statement.ts';
import type { WarehouseUse } from './warehouse-use.ts';

const accessPrivileges: Readonly<Record<RelationAccess, string>> = {
  SELECT: 'SELECT',
  INSERT: 'INSERT',
  UPDATE: 'UPDATE',
  DELETE: 'DELETE',
  TRUNCATE: 'TRUNCATE',
};

/** What the data plane may ask while it runs this statement. */
export function dataPorts(statement: Statement, surroundings: Surroundings = {}): StatementPorts {
  const { state, scope, binds, bindRows, text } = statement;
  return new SessionPorts(state, scope, binds, bindRows, { ...surroundings, session: new StatementSession(state, text) });
}

interface Surroundings {
  /** Tables that the statement names without a schema. */
  readonly own?: ReadonlyMap<string, OwnTable> | undefined;
  /** What the statement runs on; left out when it is only described. */
  readonly warehouse?: WarehouseUse;
}

interface PortSurroundings extends Surroundings {
  readonly session: StatementSession;
  /** The session's role, where the ports have another's rights. */
  readonly role?: string | null;
  /** What is current by name for functions, where names are looked up elsewhere. */
  readonly place?: Pick<StatementFacts, 'database' | 'schema'>;
}

class SessionPorts implements StatementPorts {
  readonly facts: StatementFacts;
  readonly signal: AbortSignal;
  readonly #state: SessionState;
  readonly #scope: StatementScope;
  readonly bindRows: number;
  readonly #binds: ReadonlyMap<string, TypedCell>;
  readonly #rows: readonly ReadonlyMap<string, TypedCell>[];
  readonly #own: ReadonlyMap<string, OwnTable>;
  readonly #warehouse: WarehouseUse | undefined;
  readonly #session: StatementSession;

  constructor(
    state: SessionState,
    scope: StatementScope,
    binds: ReadonlyMap<string, TypedCell>,
    rows: readonly ReadonlyMap<string, TypedCell>[] = [binds],
    { own = new Map(), warehouse, session, role = state.role?.name ?? null, place }: PortSurroundings,
  ) {
    this.#state = state;
    this.#scope = scope;
    this.#binds = binds;
    this.#rows = rows;
    this.#own = own;
    this.#warehouse = warehouse;
    this.bindRows = rows.length;
    this.signal = scope.signal;
    this.#session = session;
    this.facts = { ...factsOf(state, scope), role, session, ...place };
  }

  statementEnd(queryId: string): number | undefined {
    return this.#state.account.queries.get(queryId)?.endedAt;
  }

  bind(key: string): TypedCell | undefined {
    return this.#binds.get(key);
  }

  bindAt(key: string, row: number): TypedCell {
    const bound = this.#rows[row]?.get(key);
    if (bound === undefined) throw SnowflakeError.of('bindVariableNotSet', { name: key });
    return bound;
  }

  sequence(name: ObjectName): { readonly physicalName: string } {
    return { physicalName: String(this.#scope.find('SEQUENCE', name, 'USAGE').properties['PHYSICAL']) };
  }

  variable(name: string): TypedCell | undefined {
    return this.#state.variables.get(name);
  }

  relation(name: ObjectName, access: RelationAccess): Relation {
    const own = name.length === 1 ? this.#own.get(name[0] ?? '') : undefined;
    if (own !== undefined) return { kind: 'table', ...own };
    const current = this.#scope.currentSchema;
    const virtual = this.#systemView(name.length === 1 && current?.name === informationSchema ? [current.name, ...name] : name);
    if (virtual !== undefined) {
      this.#warehouse?.require();
      return virtual;
    }
    const path = this.#scope.qualify('schema', name);
    const parent = this.#scope.containerOf(path);
    const object = this.#scope.catalog.find('TABLE', parent?.id ?? null, path.at(-1) ?? '', '', this.#scope.sessionId);
    if (object === undefined || !this.#scope.visible(object))
      throw SnowflakeError.of('tableDoesNotExist', { name: displayName(path) });
    this.#scope.authorizer.require(this.#scope.roles, object, accessPrivileges[access]);
    this.#warehouse?.require();
    if (access === 'SELECT') this.#scope.lineage.read(object.kind === 'STREAM' ? sourceOf(object, this.#scope) : object);
    else if (access !== 'TRUNCATE' && access !== 'DELETE') this.#scope.lineage.wrote(object);
    if (object.kind === 'STREAM') return this.#stream(object);
    return this.#source(object);
  }

  #source(object: CatalogObject): Extract<Relation, { kind: 'table' | 'view' }> {
    if (object.kind === 'VIEW') return this.#view(object);
    return {
      kind: 'table',
      physicalName: String(object.properties['PHYSICAL']),
      columns: object.kind === 'STAGE' ? directoryColumns : (object.properties['COLUMNS'] as readonly TableColumnRecord[]),
      tracked: object.properties['CHANGE_TRACKING'] === true,
      ...this.#protection(object),
      ...(object.kind === 'TABLE' ? { createdOn: object.createdOn, retention: retentionTime(object, this.#scope) } : {}),
    };
  }

  /** A stream is read with SELECT on it and on what it is on. https://docs.snowflake.com/en/user-guide/streams-intro#required-access-privileges */
  #stream(object: CatalogObject): Relation {
    const source = sourceOf(object, this.#scope);
    const { privilege, byContent } = sourceKindOf(source);
    this.#scope.authorizer.require(this.#scope.roles, source, privilege);
    if (source.kind !== 'VIEW' && source.properties['CHANGE_TRACKING'] !== true)
      throw SnowflakeError.of('changeTrackingMissing', { name: this.#scope.catalog.displayOf(source) });
    return {
      kind: 'stream',
      id: object.id,
      source: this.#source(source),
      appendOnly: object.properties['APPEND_ONLY'] === true,
      initialRows: object.properties['INITIAL_ROWS'] === true,
      byContent,
      // https://docs.snowflake.com/en/sql-reference/sql/create-stream#usage-notes
      withoutRowIds: source.kind === 'STAGE',
    };
  }

  #view(object: CatalogObject): Extract<Relation, { kind: 'view' }> {
    const { catalog } = this.#scope;
    const owner = object.owner === null ? undefined : catalog.byId(object.owner);
    const schema = object.parent === null ? undefined : catalog.byId(object.parent);
    return {
      kind: 'view',
      columns: object.properties['COLUMNS'] as readonly TableColumnRecord[],
      text: String(object.properties['QUERY']),
      ports: this.#nested(owner, schema),
      ...this.#protection(object),
    };
  }

  /** The policies on a table or a view. https://docs.snowflake.com/en/user-guide/security-row-intro#row-access-policies-at-query-runtime */
  #protection(object: CatalogObject): { readonly protection?: Protection } {
    const { catalog } = this.#scope;
    const found = protectionOf(object, catalog);
    if (found === undefined) return {};
    const columns = object.properties['COLUMNS'] as readonly TableColumnRecord[];
    const applied = ({ policy, columns: names }: PolicyInForce): AppliedPolicy => ({
      ...policyOf(policy),
      columns: names.map((name) => columns.findIndex((column) => column.name === name)),
      ports: this.#policyPorts(policy, object),
    });
    const masks = [...found.masks].map(([index, policies]) => {
      const [policy, second] = policies;
      if (policy === undefined || second !== undefined)
        throw SnowflakeError.of('maskingConflict', { column: displayIdentifier(columns[index]?.name ?? '') });
      return [index, applied(policy)] as const;
    });
    return { protection: { masks: new Map(masks), ...(found.rows === undefined ? {} : { rows: applied(found.rows) }) } };
  }

  /**
   * Rights of the policy's owner over what its body reads, but the session's roles; the current database and schema are those of what
   * is protected. https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy#usage-notes
   */
  #policyPorts(policy: CatalogObject, object: CatalogObject): StatementPorts {
    const { catalog } = this.#scope;
    const owner = policy.owner === null ? undefined : catalog.byId(policy.owner);
    const schema = policy.parent === null ? undefined : catalog.byId(policy.parent);
    const [database = null, name = null] = catalog.pathOf(object);
    return this.#nested(owner, schema, { session: this.#session, place: { database, schema: name } });
  }

  /** Ports with an owner's rights, for what is inside a view or an SQL function. */
  #nested(
    owner: CatalogObject | undefined,
    schema: CatalogObject | undefined,
    of?: Pick<PortSurroundings, 'session' | 'place'>,
  ): StatementPorts {
    const state = this.#state.nested(owner, schema);
    const scope = new StatementScope(state, { id: this.#scope.queryId, now: this.#scope.now, signal: this.#scope.signal });
    return new SessionPorts(state, scope, new Map(), undefined, {
      ...(this.#warehouse === undefined ? {} : { warehouse: this.#warehouse }),
      session: this.#session.within(state),
      role: this.facts.role,
      ...of,
    });
  }

  #systemView(name: ObjectName): Relation | undefined {
    const [leaf, schema, database] = [...name].reverse();
    if (leaf === undefined || (schema !== 'INFORMATION_SCHEMA' && schema !== 'ACCOUNT_USAGE')) return undefined;
    if (schema === 'ACCOUNT_USAGE' && database !== 'SNOWFLAKE') return undefined;
    const view = this.#state.account.registry.systemView(schema, leaf);
    if (view === undefined) throw SnowflakeError.of('unsupported', { feature: `${schema}.${leaf}` });
    const within = database ?? this.#scope.currentDatabase?.name;
    if (schema === 'INFORMATION_SCHEMA') {
      if (within === undefined) throw SnowflakeError.of('noCurrentDatabase', {});
      this.#scope.find('DATABASE', [within]);
    }
    return { kind: 'virtual', columns: view.columns, rows: () => view.rows(this.#scope, within) };
  }

  function(name: ObjectName, argumentTypes: Parameters<StatementPorts['function']>[1]): ReturnType<StatementPorts['function']> {
    return resolveFunction(name, argumentTypes, this.#scope, (owner, schema) => this.#nested(owner, schema));
  }

  systemFunction(name: ObjectName): ReturnType<StatementPorts['systemFunction']> {
    const found = this.#state.account.registry.systemFunction(name.join('.'));
    if (found === undefined) return undefined;
    return {
      returns: found.returns,
      call: async (args) => found.call(args, this.#scope),
      ofRows: (count) => functionOfRows(found, count),
    };
  }

  tableFunction(name: ObjectName): TableFunction | undefined {
    const leaf = name.at(-1) ?? '';
    if (leaf === 'RESULT_SCAN') return this.#resultScan();
    const found = this.#state.account.registry.tableFunction(leaf);
    if (found === undefined) return undefined;
    this.#warehouse?.require();
    return { columns: () => found.columns, rows: async (args) => found.rows(args, this.#scope) };
  }

  #resultScan(): TableFunction {
    const kept = (args: ReadonlyMap<string, TypedCell>): ReturnType<SessionState['result']> => {
      const id = args.get('1')?.cell ?? this.#state.queryIds.at(-1) ?? '';
      return this.#state.result(id);
    };
    return { columns: (args) => kept(args).columns, rows: async (args) => kept(args).rows };
  }

  async stageFiles(location: string): Promise<StageLocation> {
    const located: Location = locate(location, this.#scope, 'READ');
    this.#warehouse?.require();
    noteFiles(located, this.#scope);
    return readStage(located, this.#scope);
  }

  fileFormat(name: ObjectName): FileFormatOptions {
    return this.#scope.find('FILE FORMAT', name, 'USAGE').properties as FileFormatOptions;
  }

  async callPython(...args: Parameters<StatementPorts['callPython']>): ReturnType<StatementPorts['callPython']> {
    this.#warehouse?.require();
    return this.#state.account.python.callFunction(this.#state, this.#scope, ...args);
  }

  async callPythonTable(...args: Parameters<StatementPorts['callPythonTable']>): ReturnType<StatementPorts['callPythonTable']> {
    this.#warehouse?.require();
    return this.#state.account.python.callTable(this.#state, this.#scope, ...args);
  }
}

/** Files of a stage, or of a version of a dataset. */
function noteFiles({ object, path }: Location, scope: StatementScope): void {
  if (object.kind === 'STAGE') scope.lineage.read(object);
  const version = object.kind === 'DATASET' ? /^versions\/([^/]+)/u.exec(path)?.[1] : undefined;
  if (version !== undefined) scope.lineage.read(object, version);
}

function factsOf(state: SessionState, scope: StatementScope): Omit<StatementFacts, 'role' | 'session'> {
  const { facts } = state.account;
  const context = state.context();
  return {
    now: scope.now,
    user: state.userName,
    warehouse: context.warehouse,
    database: context.database,
    schema: context.schema,
    account: facts.account,
    accountName: facts.accountName,
    organization: facts.organization,
    region: facts.region,
    version: facts.version,
    sessionId: state.id,
    queryId: scope.queryId,
    timezone: scope.parameter('TIMEZONE'),
    parameter: (name) => scope.ownParameter(name) ?? state.parameter(name),
    lastQueryId: (index) => state.queryIds.at(index > 0 ? index - 1 : index),
  };
}
