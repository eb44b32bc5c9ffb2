import type { Authorizer, ActiveRoles } from '../access/authorizer.ts';
import type { Grants } from '../access/grants.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { IdSource } from '../platform/ids.ts';
import type { ObjectName } from '../sql/identifier.ts';
import type { Effects } from './effects.ts';
import type { StatementLineage } from './lineage/statement-lineage.ts';
import type { TaskRunContext } from './task-run-context.ts';

/** What a kind sees of the statement and the account while one of its objects is worked on. */
export interface ObjectScope {
  readonly catalog: Catalog;
  readonly grants: Grants;
  readonly authorizer: Authorizer;
  readonly roles: ActiveRoles;
  readonly effects: Effects;
  readonly ids: IdSource;
  /** The statement's start, epoch milliseconds. */
  readonly now: number;
  /** What time it is by now, epoch milliseconds. */
  time(): number;
  readonly sessionId: number;
  /** Name of the session's user. */
  readonly user: string;
  /** Name of the user's default role. */
  readonly defaultRole: string;
  readonly currentDatabase: CatalogObject | undefined;
  readonly currentSchema: CatalogObject | undefined;
  readonly currentWarehouse: CatalogObject | undefined;
  /** The same statement on the warehouse of that id, which an object names for its own work. */
  on(warehouse: string): ObjectScope;
  /** Qualifies a name with the session's database and schema. @throws SnowflakeError `noCurrentDatabase`, `noCurrentSchema` */
  qualify(scope: 'account' | 'database' | 'schema', name: ObjectName): ObjectName;
  /**
   * The object of that name, when the roles hold one of the privileges (or any at all when none is named).
   * @throws SnowflakeError `objectDoesNotExist`, `insufficientPrivileges`
   */
  find(kind: string, name: ObjectName, ...privileges: readonly string[]): CatalogObject;
  /** As `find`, undefined when there is none or it is hidden from the roles. */
  tryFind(kind: string, name: ObjectName): CatalogObject | undefined;
  /** Name of a role, user or object by id, null when it is gone. */
  nameOf(id: string | null | undefined): string | null;
  /** Type of the owner as SHOW spells it. */
  readonly ownerRoleType: 'ROLE';
  parameter(name: string): string;
  /** The task run that the session belongs to, if any. */
  readonly taskRun: TaskRunContext | undefined;
  /** Aborted when the statement is cancelled or times out. */
  readonly signal: AbortSignal;
  /** What the statement reads, and where it is recorded what was made of it. */
  readonly lineage: StatementLineage;
  /** Id of the statement itself. */
  readonly queryId: string;
}
