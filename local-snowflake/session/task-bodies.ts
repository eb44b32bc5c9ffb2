import { sessionParameters } from '../objects/parameters.ts';
import type { BodyRequest, BodyRunner } from '../scheduler/ports.ts';
import type { Account } from './account.ts';
import { Session } from './session.ts';
import { openSystemSession } from './system-session.ts';
import { ownerOf } from './task-owner.ts';

/**
 * Runs the bodies of tasks: each in a session of its own, as the system with the owner's role alone, or as the user of
 * EXECUTE AS USER. https://docs.snowflake.com/en/user-guide/tasks-intro (Run tasks with user privileges)
 */
export class TaskBodies implements BodyRunner {
  readonly #account: () => Account;

  constructor(account: () => Account) {
    this.#account = account;
  }

  newQueryId(): string {
    return this.#account().ids.uuid();
  }

  async run({ task, graph, queryId, context, signal }: BodyRequest): Promise<void> {
    const account = this.#account();
    const { catalog } = account;
    const user = task.executeAsUser === null ? undefined : catalog.byId(task.executeAsUser.id);
    const state = await openSystemSession(account, {
      user,
      role: ownerOf(graph, account),
      schema: catalog.byId(graph.schemaId),
      warehouse: task.warehouse === null ? undefined : catalog.byId(task.warehouse.id),
      parameters: new Map(Object.entries(task.parameters).filter(([name]) => name in sessionParameters)),
      taskRun: context,
      secondaryRoles: user === undefined ? 'NONE' : 'ALL',
      // https://docs.snowflake.com/en/user-guide/tasks-intro#serverless-tasks
      isServerless: task.warehouse === null,
    });
    const session = account.sessions.add(new Session(state));
    try {
      const query = session.submit(
        { requestId: queryId, text: task.definition, describeOnly: false, bindings: {}, parameters: {} },
        queryId,
      );
      const abort = (): void => {
        session.abort(queryId);
      };
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      await query.outcome();
    } finally {
      await session.close();
    }
  }
}
