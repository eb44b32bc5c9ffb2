import type { SessionFacts } from '../data/ports.ts';
import { propertyText } from '../catalog/catalog-object.ts';
import { parseName } from '../sql/identifier.ts';
import type { SessionState } from './session-state.ts';

/** What context functions tell of a session, looked up when one asks. */
export class StatementSession implements SessionFacts {
  readonly statement: string;
  readonly #state: SessionState;
  /** Whose rights a view or a function has that the statement uses; the session's own without. */
  readonly #invoker: SessionState;

  constructor(state: SessionState, statement: string, invoker: SessionState = state) {
    this.#state = state;
    this.#invoker = invoker;
    this.statement = statement;
  }

  /** The same for what is inside a view or an SQL function, which runs with its owner's rights. */
  within(owner: SessionState): StatementSession {
    return new StatementSession(this.#state, this.statement, owner);
  }

  get client(): string | null {
    return this.#state.client?.program ?? null;
  }

  get address(): string | null {
    return this.#state.client?.address ?? null;
  }

  get invokerRole(): string | null {
    return this.#invoker.role?.name ?? null;
  }

  get transaction(): string | null {
    return this.#state.currentTransaction;
  }

  get lastTransaction(): string | null {
    return this.#state.lastTransaction;
  }

  get wantedSecondaryRoles(): 'ALL' | 'NONE' {
    return this.#state.secondaryRoles;
  }

  principal(): ReturnType<SessionFacts['principal']> {
    const { user, taskRun, userName } = this.#state;
    if (taskRun !== undefined) {
      const [database = null, schema = null, name = ''] = parseName(taskRun.taskName);
      return { name, type: 'TASK', email: null, database, schema };
    }
    const type = propertyText(user, 'TYPE');
    const email = propertyText(user, 'EMAIL') || null;
    return { name: userName, type: type === '' ? 'USER' : `USER_${type}`, email, database: null, schema: null };
  }

  userNames(): string[] {
    return this.#state.account.catalog
      .ofKind('USER')
      .map((user) => user.name)
      .toSorted();
  }

  availableRoles(): string[] {
    const { account, user } = this.#state;
    if (user === undefined) return [];
    const held = account.grants.rolesOf(user.id).map((grant) => grant.role);
    return this.#names([...account.authorizer.activate(null, held).all]);
  }

  secondaryRoles(): string[] {
    const { account, user, secondaryRoles } = this.#state;
    if (user === undefined || secondaryRoles === 'NONE') return [];
    return this.#names(account.grants.rolesOf(user.id).map((grant) => grant.role));
  }

  activeRoles(): string[] {
    return this.#names([...this.#state.roles.all]);
  }

  activeDatabaseRoles(): string[] {
    const { account, database, roles } = this.#state;
    const active = [...roles.all].flatMap((id) => account.catalog.byId(id) ?? []);
    return active.filter((role) => role.kind === 'DATABASE ROLE' && role.parent === database?.id).map((role) => role.name);
  }

  invokerRoles(): string[] {
    const { account, role } = this.#invoker;
    return role === undefined ? [] : this.#names([...account.authorizer.activate(role.id).all]);
  }

  #names(ids: readonly string[]): string[] {
    const { catalog } = this.#state.account;
    const roles = ids.flatMap((id) => catalog.byId(id) ?? []).filter((role) => role.kind === 'ROLE');
    return roles.map((role) => role.name).toSorted();
  }
}
