import type { ActiveRoles } from '../access/authorizer.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Effects } from '../objects/effects.ts';
import type { TypedValue } from '../objects/extensions.ts';
import type { Scope } from '../objects/kind.ts';
import { StatementLineage } from '../objects/lineage/statement-lineage.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import type { IdSource } from '../platform/ids.ts';
import { displayName, type ObjectName } from '../sql/identifier.ts';
import type { SessionState } from './session-state.ts';

/** One statement's view of the account: names resolved against its session, privileges of its session's roles. */
export class StatementScope implements ObjectScope {
  readonly state: SessionState;
  readonly queryId: string;
  readonly now: number;
  readonly signal: AbortSignal;
  readonly roles: ActiveRoles;
  /** The statement's values, for queries that are part of it (CREATE TABLE … AS SELECT :v). */
  readonly binds: ReadonlyMap<string, TypedValue>;
  readonly lineage: StatementLineage;
  readonly ownerRoleType = 'ROLE';

  readonly #parameters: ReadonlyMap<string, string>;
  readonly #warehouse: string | undefined;

  constructor(
    state: SessionState,
    query: {
      id: string;
      now: number;
      signal: AbortSignal;
      binds?: ReadonlyMap<string, TypedValue>;
      /** Parameters that hold for this statement only, by upper-case name. */
      parameters?: ReadonlyMap<string, string>;
      /** Id of the warehouse to run on instead of the session's. */
      warehouse?: string | undefined;
      /** What the statement has read elsewhere. */
      lineage?: StatementLineage;
    },
  ) {
    this.state = state;
    this.queryId = query.id;
    this.now = query.now;
    this.signal = query.signal;
    this.roles = state.roles;
    this.binds = query.binds ?? new Map();
    this.lineage = query.lineage ?? new StatementLineage(state.account.lineage, query.id);
    this.#parameters = query.parameters ?? new Map();
    this.#warehouse = query.warehouse;
  }

  time(): number {
    return this.state.account.clock.now();
  }

  get catalog(): SessionState['account']['catalog'] {
    return this.state.account.catalog;
  }

  get grants(): SessionState['account']['grants'] {
    return this.state.account.grants;
  }

  get authorizer(): SessionState['account']['authorizer'] {
    return this.state.account.authorizer;
  }

  get effects(): Effects {
    return this.state.account.effects;
  }

  get ids(): IdSource {
    return this.state.account.ids;
  }

  get sessionId(): number {
    return this.state.id;
  }

  get user(): string {
    return this.state.userName;
  }

  get defaultRole(): string {
    const role = this.state.user?.properties['DEFAULT_ROLE'];
    return typeof role === 'string' ? role : '';
  }

  get currentDatabase(): CatalogObject | undefined {
    return this.state.database;
  }

  get currentSchema(): CatalogObject | undefined {
    return this.state.schema;
  }

  get currentWarehouse(): CatalogObject | undefined {
    return this.#warehouse === undefined ? this.state.warehouse : this.catalog.byId(this.#warehouse);
  }

  on(warehouse: string): StatementScope {
    const { state, queryId: id, now, signal, binds, lineage } = this;
    return new StatementScope(state, { id, now, signal, binds, parameters: this.#parameters, warehouse, lineage });
  }

  get taskRun(): SessionState['taskRun'] {
    return this.state.taskRun;
  }

  /** What the statement itself sets for its own time. */
  ownParameter(name: string): string | undefined {
    return this.#parameters.get(name);
  }

  parameter(name: string): string {
    return this.#parameters.get(name) ?? this.state.parameter(name) ?? '';
  }

  nameOf(id: string | null | undefined): string | null {
    return id === null || id === undefined ? null : (this.catalog.byId(id)?.name ?? null);
  }

  qualify(scope: Scope, name: ObjectName): ObjectName {
    const wanted = scope === 'account' ? 1 : scope === 'database' ? 2 : 3;
    if (name.length > wanted) throw SnowflakeError.of('invalidIdentifier', { name: displayName(name) });
    if (name.length === wanted) return name;
    const database = this.state.database;
    if (database === undefined) throw SnowflakeError.of('noCurrentDatabase', {});
    if (scope === 'database' || name.length === 2) return [database.name, ...name];
    const schema = this.state.schema;
    if (schema === undefined) throw SnowflakeError.of('noCurrentSchema', {});
    return [database.name, schema.name, ...name];
  }

  find(kind: string, name: ObjectName, ...privileges: readonly string[]): CatalogObject {
    const object = this.tryFind(kind, name);
    if (object === undefined) throw this.#missing(kind, name);
    if (privileges.length > 0) this.authorizer.require(this.roles, object, ...privileges);
    return object;
  }

  tryFind(kind: string, name: ObjectName): CatalogObject | undefined {
    const definition = this.state.account.registry.kind(kind);
    const path = this.qualify(definition.scope, name);
    const parent = this.#container(path.slice(0, -1));
    if (parent === undefined) return undefined;
    const leaf = path.at(-1) ?? '';
    const object = this.catalog.find(kind, parent?.id ?? null, leaf, '', this.sessionId);
    return object !== undefined && object.kind === kind && this.visible(object) ? object : undefined;
  }

  /** Whether the object exists for these roles. */
  visible(object: CatalogObject): boolean {
    return object.session !== undefined || this.authorizer.lists(this.roles, object);
  }

  /**
   * The database or schema of that (whole) path.
   * @returns null for the account itself, undefined when there is none or it is hidden
   */
  #container(path: ObjectName): CatalogObject | null | undefined {
    let parent: CatalogObject | null = null;
    for (const [depth, name] of path.entries()) {
      const found = this.catalog.find(depth === 0 ? 'DATABASE' : 'SCHEMA', parent?.id ?? null, name);
      if (found === undefined || !this.authorizer.sees(this.roles, found)) return undefined;
      parent = found;
    }
    return parent;
  }

  /** The container that a new object of this name goes into. @throws SnowflakeError when there is none */
  containerOf(path: ObjectName): CatalogObject | null {
    const containers = path.slice(0, -1);
    const found = this.#container(containers);
    if (found !== undefined) return found;
    const kind = containers.length === 1 || this.#container(containers.slice(0, 1)) === undefined ? 'DATABASE' : 'SCHEMA';
    throw this.#missing(kind, kind === 'DATABASE' ? containers.slice(0, 1) : containers);
  }

  #missing(kind: string, name: ObjectName): SnowflakeError {
    const scope = this.state.account.registry.tryKind(kind)?.scope ?? 'schema';
    const display = displayName(this.qualify(scope, name));
    if (['TABLE', 'VIEW', 'DYNAMIC TABLE'].includes(kind)) return SnowflakeError.of('tableDoesNotExist', { name: display });
    const title = kind.charAt(0) + kind.slice(1).toLowerCase();
    return SnowflakeError.of('objectDoesNotExist', { kind: title, name: display });
  }
}
