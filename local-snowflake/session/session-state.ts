import type { ActiveRoles } from '../access/authorizer.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { DataConnection } from '../data/data-connection.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { parameters } from '../objects/parameters.ts';
import type { TaskRunContext } from '../objects/task-run-context.ts';
import type { ResultSet } from '../sql/result-set.ts';
import type { Account } from './account.ts';
import type { SessionContext } from './service.ts';
import { StatementScope } from './statement-scope.ts';

export const informationSchema = 'INFORMATION_SCHEMA';

/** No object of the catalog: its views are made when they are read. */
function informationSchemaOf(database: CatalogObject): CatalogObject {
  return {
    ...database,
    id: `${database.id}/${informationSchema}`,
    kind: 'SCHEMA',
    name: informationSchema,
    parent: database.id,
    owner: null,
    comment: '',
    tags: {},
    parameters: {},
    properties: {},
  };
}

export interface SessionStart {
  readonly id: number;
  /** The user; undefined for the system itself, which runs tasks. */
  readonly user: CatalogObject | undefined;
  readonly role: CatalogObject | undefined;
  readonly secondaryRoles: 'ALL' | 'NONE';
  readonly parameters: ReadonlyMap<string, string>;
  readonly connection: DataConnection;
  readonly taskRun?: TaskRunContext | undefined;
  readonly hasOwnersRights?: boolean;
  readonly isServerless?: boolean;
  readonly client?: SessionClient | undefined;
  /** The session whose variables, parameters and statements it shares. */
  readonly partOf?: SessionState;
}

/** The program that a session was opened by. */
export interface SessionClient {
  /** Name and version of the driver. */
  readonly program: string;
  /** IPv4 address. */
  readonly address: string;
}

/**
 * What a session knows: who it is, what is current, its variables, parameters and temporary objects.
 * `nested` makes the state in which an owner's-rights procedure or a view's text runs.
 */
export class SessionState {
  readonly account: Account;
  readonly id: number;
  readonly user: CatalogObject | undefined;
  readonly connection: DataConnection;
  readonly taskRun: TaskRunContext | undefined;
  /** Whether code runs in it with its owner's rights, on its caller's warehouse. */
  readonly hasOwnersRights: boolean;
  /** Whether Snowflake gives the compute itself, as it does for tasks without a warehouse. */
  readonly isServerless: boolean;
  readonly client: SessionClient | undefined;
  readonly variables: Map<string, TypedValue>;
  readonly overrides: Map<string, string>;
  /** Ids of the session's statements, oldest first. */
  readonly queryIds: string[];
  #role: string | null;
  #secondaryRoles: 'ALL' | 'NONE';
  #database: string | null = null;
  #schema: string | null = null;
  #warehouse: string | null = null;
  #inInformationSchema = false;
  /** Ids of the transaction that has begun last, and of the one before it. */
  #transactions: readonly [string | null, string | null] = [null, null];

  constructor(account: Account, start: SessionStart) {
    this.account = account;
    this.id = start.id;
    this.user = start.user;
    this.connection = start.connection;
    this.taskRun = start.taskRun;
    this.hasOwnersRights = start.hasOwnersRights ?? false;
    this.isServerless = start.isServerless ?? false;
    this.client = start.client;
    this.variables = start.partOf?.variables ?? new Map();
    this.queryIds = start.partOf?.queryIds ?? [];
    this.overrides = start.partOf?.overrides ?? new Map(start.parameters);
    this.#role = start.role?.id ?? null;
    this.#secondaryRoles = start.secondaryRoles;
  }

  get role(): CatalogObject | undefined {
    const role = this.#object(this.#role);
    // A run is completed under its role when that is dropped meanwhile; others have it no more.
    if (role !== undefined || this.taskRun === undefined || this.#role === null) return role;
    return this.account.formerRoles.find(this.#role)?.role;
  }

  get database(): CatalogObject | undefined {
    return this.#object(this.#database);
  }

  get schema(): CatalogObject | undefined {
    const { database } = this;
    if (this.#inInformationSchema && database !== undefined) return informationSchemaOf(database);
    return this.#object(this.#schema);
  }

  get warehouse(): CatalogObject | undefined {
    return this.#object(this.#warehouse);
  }

  get secondaryRoles(): 'ALL' | 'NONE' {
    return this.#secondaryRoles;
  }

  /** Worked out anew each time: a grant that is taken away counts at once. */
  get roles(): ActiveRoles {
    const secondary =
      this.#secondaryRoles === 'ALL' && this.user !== undefined
        ? this.account.grants.rolesOf(this.user.id).map((grant) => grant.role)
        : [];
    return this.account.authorizer.activate(this.role?.id ?? null, secondary);
  }

  get userName(): string {
    return this.user?.name ?? 'SYSTEM';
  }

  useRole(role: CatalogObject): void {
    this.#role = role.id;
  }

  useSecondaryRoles(roles: 'ALL' | 'NONE'): void {
    this.#secondaryRoles = roles;
  }

  useWarehouse(warehouse: CatalogObject | undefined): void {
    this.#warehouse = warehouse?.id ?? null;
  }

  /** Makes a database current and, as Snowflake does, its schema PUBLIC when there is one. */
  useDatabase(database: CatalogObject): void {
    this.#database = database.id;
    this.#schema = this.account.catalog.find('SCHEMA', database.id, 'PUBLIC')?.id ?? null;
    this.#inInformationSchema = false;
  }

  useSchema(schema: CatalogObject): void {
    this.#database = schema.parent;
    this.#schema = schema.id;
    this.#inInformationSchema = false;
  }

  useInformationSchema(database: CatalogObject): void {
    this.#database = database.id;
    this.#schema = null;
    this.#inInformationSchema = true;
  }

  context(): SessionContext {
    return {
      database: this.database?.name ?? null,
      schema: this.schema?.name ?? null,
      warehouse: this.warehouse?.name ?? null,
      role: this.role?.name ?? null,
    };
  }

  /** Session over user over account over default. @returns undefined for an unknown parameter */
  parameter(name: string): string | undefined {
    return (
      this.overrides.get(name) ??
      this.user?.parameters[name] ??
      this.account.accountParameters.get(name) ??
      parameters[name]?.default
    );
  }

  /** Whether a transaction has begun that is not ended yet; procedures within it see their caller's. */
  get transactionOpen(): boolean {
    return this.connection.inTransaction;
  }

  /** A transaction begins, or a statement that is one of its own; `at` is epoch milliseconds, which its id is made of. */
  beginsTransaction(at: number): void {
    this.#transactions = [`${String(at)}000000`, this.#transactions[0]];
  }

  get currentTransaction(): string | null {
    return this.transactionOpen ? this.#transactions[0] : null;
  }

  get lastTransaction(): string | null {
    return this.#transactions[this.transactionOpen ? 1 : 0];
  }

  keepResult(queryId: string, result: ResultSet): void {
    this.account.results.keep(queryId, this.userName, result);
    this.queryIds.push(queryId);
  }

  /** Result of an earlier query of the same user. @throws SnowflakeError `statementNotFound` */
  result(queryId: string): ResultSet {
    const result = this.account.results.find(queryId, this.userName);
    if (result === undefined) throw SnowflakeError.of('statementNotFound', { queryId });
    return result;
  }

  /**
   * State for code that runs with its owner's rights: the owner's role alone, the code's own database and schema, the caller's
   * warehouse, none of the caller's variables. https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-rights
   */
  nested(owner: CatalogObject | undefined, schema: CatalogObject | undefined): SessionState {
    const state = new SessionState(this.account, {
      id: this.id,
      user: this.user,
      role: owner,
      secondaryRoles: 'NONE',
      parameters: this.overrides,
      connection: this.connection,
      taskRun: this.taskRun,
      hasOwnersRights: true,
      isServerless: this.isServerless,
      client: this.client,
    });
    state.#transactions = this.#transactions;
    if (schema !== undefined) state.useSchema(schema);
    state.useWarehouse(this.warehouse);
    return state;
  }

  /** The session on another connection, for what runs at the same time; what becomes current there is current there alone. */
  beside(connection: DataConnection): SessionState {
    const state = new SessionState(this.account, {
      id: this.id,
      user: this.user,
      role: this.role,
      secondaryRoles: this.#secondaryRoles,
      parameters: this.overrides,
      connection,
      taskRun: this.taskRun,
      hasOwnersRights: this.hasOwnersRights,
      isServerless: this.isServerless,
      client: this.client,
      partOf: this,
    });
    state.#database = this.#database;
    state.#schema = this.#schema;
    state.#inInformationSchema = this.#inInformationSchema;
    state.useWarehouse(this.warehouse);
    return state;
  }

  /** Ends the session: its transaction, its temporary objects, its connection. */
  async dispose(): Promise<void> {
    if (this.transactionOpen) await this.connection.rollback().catch(() => undefined);
    const scope = new StatementScope(this, { id: '', now: this.account.clock.now(), signal: new AbortController().signal });
    for (const object of this.account.catalog.ofSession(this.id)) {
      await this.account.catalog.change((change) => {
        this.account.catalog.drop(object, change);
      });
      await this.account.registry.tryKind(object.kind)?.dropped?.(object, scope);
    }
    await this.connection.close();
  }

  #object(id: string | null): CatalogObject | undefined {
    return id === null ? undefined : this.account.catalog.byId(id);
  }
}
