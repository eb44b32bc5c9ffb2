import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayName } from '../sql/identifier.ts';
import type { FormerRole, FormerRoles } from './former-roles.ts';
import { accountTarget, type Grants } from './grants.ts';

const applyToRelations = ['APPLY MASKING POLICY', 'APPLY ROW ACCESS POLICY'];

/** Privileges of the account that show objects of a kind. */
const applyPrivileges: Readonly<Record<string, readonly string[]>> = {
  'MASKING POLICY': ['APPLY MASKING POLICY'],
  'ROW ACCESS POLICY': ['APPLY ROW ACCESS POLICY'],
  TAG: ['APPLY MASKING POLICY', 'APPLY TAG'],
  TABLE: applyToRelations,
  'DYNAMIC TABLE': applyToRelations,
  VIEW: applyToRelations,
};

/** The roles whose privileges count for a statement, the roles that they inherit included. */
export interface ActiveRoles {
  /** Role whose name CURRENT_ROLE shows and that owns what is created; null when none is. */
  readonly primary: string | null;
  readonly all: ReadonlySet<string>;
  /** Those of them that were dropped. */
  readonly former: readonly FormerRole[];
}

/**
 * Decides what roles may do. https://docs.snowflake.com/en/user-guide/security-access-control-overview
 * An object is invisible ("does not exist or not authorized") to roles that hold nothing on it.
 */
export class Authorizer {
  readonly #catalog: Catalog;
  readonly #grants: Grants;
  readonly #former: FormerRoles;

  constructor(catalog: Catalog, grants: Grants, former: FormerRoles) {
    this.#catalog = catalog;
    this.#grants = grants;
    this.#former = former;
  }

  /** Closure of a set of roles over the roles granted to them; PUBLIC is in every one. */
  activate(primary: string | null, secondary: readonly string[] = []): ActiveRoles {
    const all = new Set<string>();
    const former: FormerRole[] = [];
    const publicRole = this.#catalog.find('ROLE', null, 'PUBLIC');
    const open = [...(primary === null ? [] : [primary]), ...secondary, ...(publicRole ? [publicRole.id] : [])];
    for (let role = open.pop(); role !== undefined; role = open.pop()) {
      if (all.has(role)) continue;
      all.add(role);
      for (const grant of this.#grants.rolesOf(role)) open.push(grant.role);
      const gone = this.#former.find(role);
      if (gone === undefined) continue;
      former.push(gone);
      open.push(...gone.roles);
    }
    return { primary, all, former };
  }

  owns(roles: ActiveRoles, object: CatalogObject): boolean {
    if (object.owner === null) return false;
    return roles.all.has(object.owner) || roles.former.some(({ owned }) => owned.has(object.id));
  }

  /** Who is to own a new object that a role makes: the role, or who has what it owned when it was dropped. */
  ownerOfNew(objectId: string, role: string | null): string | null {
    const former = role === null ? undefined : this.#former.find(role);
    if (former === undefined) return role;
    former.owned.add(objectId);
    return former.heir;
  }

  /** Whether a user or role holds a role itself, or did when it was dropped. */
  isMember(grantee: string, role: string): boolean {
    return (
      this.#grants.rolesOf(grantee).some((grant) => grant.role === role) || this.#former.find(role)?.members.has(grantee) === true
    );
  }

  /** Whether the roles hold a privilege (or OWNERSHIP) on the object itself; containers are not looked at. */
  holds(roles: ActiveRoles, object: CatalogObject, privilege: string): boolean {
    return this.owns(roles, object) || this.#granted(roles, object.id, (held) => held === privilege);
  }

  /** Whether the roles hold a privilege of the account, such as EXECUTE TASK. */
  holdsGlobal(roles: ActiveRoles, privilege: string): boolean {
    return this.#granted(roles, accountTarget, (held) => held === privilege || held === 'ALL');
  }

  /** Whether the roles hold anything at all on the object, or on something in it. */
  sees(roles: ActiveRoles, object: CatalogObject): boolean {
    if (object.owner === null || this.owns(roles, object)) return true;
    if (this.#granted(roles, object.id, () => true)) return true;
    return this.holdsGlobal(roles, 'MANAGE GRANTS') || this.#mayProtect(roles, object.kind);
  }

  /** Whether the roles may reach into the object's database and schema. */
  reaches(roles: ActiveRoles, object: CatalogObject): boolean {
    if (object.session !== undefined) return true;
    for (let parent = this.#parentOf(object); parent !== undefined; parent = this.#parentOf(parent)) {
      // Any privilege on the container will do. https://docs.snowflake.com/en/user-guide/security-access-control-privileges
      if (!this.sees(roles, parent)) return false;
    }
    return true;
  }

  /** Whether SHOW lists the object for these roles. */
  lists(roles: ActiveRoles, object: CatalogObject): boolean {
    return this.sees(roles, object) && this.reaches(roles, object);
  }

  /**
   * Demands any one of the privileges on an object.
   * @throws SnowflakeError `objectDoesNotExist` when nothing is held on it, `insufficientPrivileges` when too little is
   */
  require(roles: ActiveRoles, object: CatalogObject, ...privileges: readonly string[]): void {
    if (object.session === undefined && !this.lists(roles, object)) throw this.#hidden(object);
    if (object.session !== undefined || this.owns(roles, object) || object.owner === null) return;
    if (privileges.some((privilege) => this.holds(roles, object, privilege))) return;
    throw SnowflakeError.of('insufficientPrivileges', {
      kind: object.kind.toLowerCase(),
      name: displayName([object.name]),
    });
  }

  /** @throws SnowflakeError `insufficientPrivileges` */
  requireOwnership(roles: ActiveRoles, object: CatalogObject): void {
    this.require(roles, object, 'OWNERSHIP');
  }

  /** @throws SnowflakeError `insufficientPrivileges` */
  requireGlobal(roles: ActiveRoles, account: string, ...privileges: readonly string[]): void {
    if (privileges.some((privilege) => this.holdsGlobal(roles, privilege))) return;
    throw SnowflakeError.of('insufficientPrivileges', { kind: 'account', name: account });
  }

  #granted(roles: ActiveRoles, target: string, suffices: (privilege: string) => boolean): boolean {
    return (
      this.#grants.on(target).some((grant) => roles.all.has(grant.to) && suffices(grant.privilege)) ||
      roles.former.some(({ privileges }) => privileges.some((grant) => grant.on === target && suffices(grant.privilege)))
    );
  }

  /** Whoever may apply policies sees them, and what they go on. https://docs.snowflake.com/en/user-guide/security-access-control-privileges */
  #mayProtect(roles: ActiveRoles, kind: string): boolean {
    return (applyPrivileges[kind] ?? []).some((privilege) => this.holdsGlobal(roles, privilege));
  }

  #parentOf(object: CatalogObject): CatalogObject | undefined {
    return object.parent === null ? undefined : this.#catalog.byId(object.parent);
  }

  #hidden(object: CatalogObject): SnowflakeError {
    const name = this.#catalog.displayOf(object);
    return object.kind === 'TABLE' || object.kind === 'VIEW'
      ? SnowflakeError.of('tableDoesNotExist', { name })
      : SnowflakeError.of('objectDoesNotExist', { kind: titleCase(object.kind), name });
  }
}

function titleCase(kind: string): string {
  return kind.charAt(0) + kind.slice(1).toLowerCase();
}
