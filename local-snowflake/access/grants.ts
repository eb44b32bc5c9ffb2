import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { Change, RecordIndex, Records, StoredRecord } from '../catalog/records.ts';

/** The account itself as the target of a grant. */
export const accountTarget = 'ACCOUNT';

/** A privilege on an object, or on the account, that a role holds. OWNERSHIP is the object's `owner`, never a grant. */
export interface Grant extends StoredRecord {
  readonly collection: 'grant';
  readonly privilege: string;
  /** Object id, or `ACCOUNT`. */
  readonly on: string;
  /** Role id. */
  readonly to: string;
  readonly grantOption: boolean;
  /** Role id, null for the system's own. */
  readonly grantedBy: string | null;
  readonly createdOn: number;
}

/** A role that a role or user holds. */
export interface RoleGrant extends StoredRecord {
  readonly collection: 'role-grant';
  readonly role: string;
  /** Role or user id. */
  readonly to: string;
  readonly toKind: 'ROLE' | 'DATABASE_ROLE' | 'USER';
  readonly grantedBy: string | null;
  readonly createdOn: number;
}

/** A privilege that objects of a kind, created later in a database or schema, come with. */
export interface FutureGrant extends StoredRecord {
  readonly collection: 'future-grant';
  /** `OWNERSHIP` too. */
  readonly privilege: string;
  /** Kind's name, `TABLE`. */
  readonly onKind: string;
  /** Database or schema id. */
  readonly within: string;
  readonly to: string;
  readonly grantOption: boolean;
  readonly grantedBy: string | null;
  readonly createdOn: number;
}

export type AnyGrant = Grant | RoleGrant | FutureGrant;

/** All grants of the account, by target and by grantee. */
export class Grants implements RecordIndex {
  readonly collections = new Set(['grant', 'role-grant', 'future-grant']);
  readonly #on = new Map<string, Map<string, Grant>>();
  readonly #to = new Map<string, Map<string, AnyGrant>>();
  readonly #members = new Map<string, Map<string, RoleGrant>>();
  readonly #future = new Map<string, FutureGrant>();

  constructor(records: Records, catalog: Catalog) {
    records.attach(this);
    catalog.onDrop((object, change) => {
      this.#dropped(object, change);
    });
  }

  added(record: StoredRecord): void {
    const grant = record as AnyGrant;
    into(this.#to, grant.to).set(grant.id, grant);
    if (grant.collection === 'grant') into(this.#on, grant.on).set(grant.id, grant);
    else if (grant.collection === 'role-grant') into(this.#members, grant.role).set(grant.id, grant);
    else this.#future.set(grant.id, grant);
  }

  removed(record: StoredRecord): void {
    const grant = record as AnyGrant;
    this.#to.get(grant.to)?.delete(grant.id);
    if (grant.collection === 'grant') this.#on.get(grant.on)?.delete(grant.id);
    else if (grant.collection === 'role-grant') this.#members.get(grant.role)?.delete(grant.id);
    else this.#future.delete(grant.id);
  }

  on(target: string): Grant[] {
    return [...(this.#on.get(target)?.values() ?? [])];
  }

  /** Privileges that a role holds itself. */
  privilegesOf(role: string): Grant[] {
    return [...(this.#to.get(role)?.values() ?? [])].filter((grant) => grant.collection === 'grant');
  }

  /** Roles that a role or user holds itself. */
  rolesOf(grantee: string): RoleGrant[] {
    return [...(this.#to.get(grantee)?.values() ?? [])].filter((grant) => grant.collection === 'role-grant');
  }

  /** Who holds a role. */
  membersOf(role: string): RoleGrant[] {
    return [...(this.#members.get(role)?.values() ?? [])];
  }

  future(): FutureGrant[] {
    return [...this.#future.values()];
  }

  #grantedBy(role: string): AnyGrant[] {
    return [...this.#to.values()].flatMap((grants) => [...grants.values()].filter((grant) => grant.grantedBy === role));
  }

  #dropped(object: CatalogObject, change: Change): void {
    for (const grant of this.on(object.id)) change.delete(grant.id);
    for (const grant of this.membersOf(object.id)) change.delete(grant.id);
    for (const grant of [...(this.#to.get(object.id)?.values() ?? [])]) change.delete(grant.id);
    for (const grant of this.future()) if (grant.within === object.id) change.delete(grant.id);
    // https://docs.snowflake.com/en/sql-reference/sql/drop-role: also what the role has granted.
    if (object.kind === 'ROLE') for (const grant of this.#grantedBy(object.id)) change.delete(grant.id);
  }
}

function into<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const found = maps.get(key);
  if (found !== undefined) return found;
  const created = new Map<string, V>();
  maps.set(key, created);
  return created;
}
