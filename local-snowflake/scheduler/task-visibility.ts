import type { ObjectScope } from '../objects/object-scope.ts';

/**
 * Whose runs a statement's roles see: tasks they own, may monitor or operate; all of them with MONITOR EXECUTION or as
 * ACCOUNTADMIN. https://docs.snowflake.com/en/sql-reference/functions/task_history (usage notes)
 */
export class TaskVisibility {
  readonly #scope: ObjectScope;
  readonly #all: boolean;
  readonly #seen = new Map<string, boolean>();

  constructor(scope: ObjectScope) {
    this.#scope = scope;
    this.#all = isAccountAdministrator(scope) || scope.authorizer.holdsGlobal(scope.roles, 'MONITOR EXECUTION');
  }

  sees(taskId: string): boolean {
    if (this.#all) return true;
    const known = this.#seen.get(taskId);
    if (known !== undefined) return known;
    const { authorizer, roles, catalog } = this.#scope;
    const task = catalog.byId(taskId);
    const seen = task !== undefined && ['MONITOR', 'OPERATE'].some((privilege) => authorizer.holds(roles, task, privilege));
    this.#seen.set(taskId, seen);
    return seen;
  }

  /** Whether names of the schema and its database may be shown. */
  names(schemaId: string): boolean {
    const { authorizer, roles, catalog } = this.#scope;
    const schema = catalog.byId(schemaId);
    const database = schema === undefined || schema.parent === null ? undefined : catalog.byId(schema.parent);
    if (schema === undefined || database === undefined) return this.#all;
    return authorizer.sees(roles, schema) && authorizer.sees(roles, database);
  }
}

/** Whether ACCOUNTADMIN is among the roles of the statement. */
export function isAccountAdministrator({ catalog, roles }: ObjectScope): boolean {
  const administrator = catalog.find('ROLE', null, 'ACCOUNTADMIN');
  return administrator !== undefined && roles.all.has(administrator.id);
}
