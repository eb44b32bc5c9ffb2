import { join } from 'node:path';
import type { Extension } from '../objects/extensions.ts';
import type { Kind } from '../objects/kind.ts';
import { mendLinks } from '../objects/task/mend-links.ts';
import { requireRunnable } from '../objects/task/owner-privileges.ts';
import { TaskIndex } from '../objects/task/task-index.ts';
import { taskKind } from '../objects/task/task-kind.ts';
import type { TaskScheduler } from '../objects/task/task-scheduler.ts';
import { TaskGraphIndex } from '../objects/task-graph/task-graph-index.ts';
import { taskGraphKind } from '../objects/task-graph/task-graph-kind.ts';
import type { Records } from '../catalog/records.ts';
import type { Outbox } from '../notifications/outbox.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import { RunJournal } from '../scheduler/run-journal.ts';
import { MemoryRunStore } from '../scheduler/run-store.ts';
import { TaskEngine } from '../scheduler/task-engine.ts';
import { taskExtension } from '../scheduler/task-extension.ts';
import type { Account } from './account.ts';
import { TaskBodies } from './task-bodies.ts';
import { AccountTaskCatalog } from './task-catalog.ts';
import { streamOfTaskHasData } from './task-streams.ts';
import { TaskNotices } from './task-notices.ts';

export interface TaskSources {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly records: Records;
  /** Folder of the account's files; undefined for an account in memory. */
  readonly folder: string | undefined;
  readonly outbox: () => Outbox;
  readonly account: () => Account;
}

/** Clients ask once, right behind EXECUTE TASK, for the run that it started: so long it stays queued. Milliseconds. */
const executeLag = 250;

/** Tasks and task graphs of the account: their kinds, their statements and functions, and the engine that runs them. */
export class Tasks {
  readonly kinds: readonly Kind[];
  readonly extension: Extension;
  readonly engine: TaskEngine;
  readonly #account: () => Account;
  readonly #index = new TaskIndex();
  readonly #graphs = new TaskGraphIndex();

  constructor({ clock, ids, records, folder, outbox, account }: TaskSources) {
    this.#account = account;
    const index = this.#index;
    const graphs = this.#graphs;
    records.attach(index);
    records.attach(graphs);
    this.engine = new TaskEngine({
      clock,
      ids,
      catalog: new AccountTaskCatalog(account, index, graphs),
      bodies: new TaskBodies(account),
      privileges: {
        requireRunnable: ({ warehouse, executeAsUser }, { owner, schemaId }) => {
          requireRunnable({ owner, schema: schemaId, warehouse, executeAsUser }, account());
        },
      },
      streams: {
        hasData: (stream, graph) => streamOfTaskHasData(account(), stream, graph),
      },
      notifications: new TaskNotices(account, outbox),
      store: folder === undefined ? new MemoryRunStore() : new RunJournal(join(folder, 'task-runs.journal')),
      executeLag,
    });
    const scheduler: TaskScheduler = {
      committedOn: (task) => this.engine.committedOn(task.id),
      resumed: (root) => {
        this.engine.resumed(root.id);
      },
      committed: (graph) => {
        this.engine.committed(graph.id);
      },
      disarmed: (taskId) => {
        this.engine.disarmed(taskId);
      },
    };
    this.kinds = [taskKind(index, graphs, scheduler), taskGraphKind(index, graphs, scheduler)];
    this.extension = taskExtension(this.engine, index, graphs);
  }

  /** Whether runs of tasks that a role owns, or did, have begun and not ended. */
  isUnderWay(role: string): boolean {
    return this.engine.active().some((run) => run.version.owner === role);
  }

  /** Completes what a stop of the server may have cut short. */
  restore(): Promise<void> {
    const { catalog, clock } = this.#account();
    return mendLinks(catalog, this.#index, clock.now());
  }
}
