import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { Account } from './account.ts';
import { SessionState } from './session-state.ts';

/** A session that belongs to nobody's client: tasks and jobs run in it. The caller closes it. */
export async function openSystemSession(
  account: Account,
  start: {
    readonly user?: CatalogObject | undefined;
    readonly role: CatalogObject | undefined;
    readonly schema?: CatalogObject | undefined;
    readonly warehouse?: CatalogObject | undefined;
    readonly parameters?: ReadonlyMap<string, string>;
    readonly taskRun?: SessionState['taskRun'];
    readonly secondaryRoles?: 'ALL' | 'NONE';
    readonly isServerless?: boolean;
  },
): Promise<SessionState> {
  const state = new SessionState(account, {
    id: account.sessions.nextId(),
    user: start.user,
    role: start.role,
    secondaryRoles: start.secondaryRoles ?? 'NONE',
    parameters: start.parameters ?? new Map(),
    connection: await account.data.connect(),
    taskRun: start.taskRun,
    isServerless: start.isServerless ?? false,
  });
  if (start.schema !== undefined) state.useSchema(start.schema);
  if (start.warehouse !== undefined) state.useWarehouse(start.warehouse);
  return state;
}
