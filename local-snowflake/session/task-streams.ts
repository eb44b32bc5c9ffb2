import { streamHasData } from '../objects/stream/stream-source.ts';
import type { GraphContent } from '../scheduler/graph-version.ts';
import { parseName } from '../sql/identifier.ts';
import type { Account } from './account.ts';
import { StatementScope } from './statement-scope.ts';
import { openSystemSession } from './system-session.ts';
import { ownerOf } from './task-owner.ts';

/**
 * SYSTEM$STREAM_HAS_DATA in a task's WHEN: its name is looked up in the task's schema, with the owner's privileges.
 * https://docs.snowflake.com/en/user-guide/tasks-triggered
 */
export async function streamOfTaskHasData(account: Account, stream: string, graph: GraphContent): Promise<boolean> {
  const { catalog, clock, ids } = account;
  const state = await openSystemSession(account, {
    role: ownerOf(graph, account),
    schema: catalog.byId(graph.schemaId),
  });
  try {
    const scope = new StatementScope(state, { id: ids.uuid(), now: clock.now(), signal: new AbortController().signal });
    return await streamHasData(scope.find('STREAM', parseName(stream), 'SELECT'), scope);
  } finally {
    await state.dispose();
  }
}
