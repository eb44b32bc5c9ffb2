import type { TaskRunContext } from '../objects/task-run-context.ts';
import type { GraphRun, TaskRun } from './graph-run.ts';
import type { GraphContent, TaskSpec } from './graph-version.ts';

/** Where task definitions live. */
export interface TaskCatalog {
  /**
   * The graph of a root, or a standalone task, as it is now, or what a TASK GRAPH has committed; undefined when there is no such object, it
   * is no root, or nothing was committed.
   */
  graph(rootId: string): GraphContent | undefined;
  /** Ids of the roots and TASK GRAPHs that are started. */
  startedRoots(): Iterable<string>;
  isStarted(rootId: string): boolean;
  /** What tasks of a schema inherit for a parameter: set on the schema, its database or the account, else its default. */
  parameter(schemaId: string, name: string): string;
  /** Suspends a root, or a TASK GRAPH, that has failed too often; one that is gone is left alone. Must not reject. */
  suspendForErrors(rootId: string): Promise<void>;
}

/** One body to run, as the owner role. */
export interface BodyRequest {
  readonly task: TaskSpec;
  readonly graph: GraphContent;
  readonly queryId: string;
  /** Answers SYSTEM$TASK_RUNTIME_INFO and the like in every session that the body opens. */
  readonly context: TaskRunContext;
  /** Aborted, with a SnowflakeError as reason, when the run is cancelled or times out. */
  readonly signal: AbortSignal;
}

export interface BodyRunner {
  /** An id for a statement that is about to run. */
  newQueryId(): string;
  /** Resolves when the body has ended. @throws SnowflakeError when it failed; `queryCancelled` when somebody cancelled its query */
  run(request: BodyRequest): Promise<void>;
}

export interface PrivilegeCheck {
  /** @throws SnowflakeError when the owner may not run the task now */
  requireRunnable(task: TaskSpec, graph: GraphContent): void;
}

export interface StreamProbe {
  /** @throws SnowflakeError when there is no such stream or the owner may not use it */
  hasData(stream: string, graph: GraphContent): Promise<boolean>;
}

/** Told of ends that somebody may want to hear of. Must not throw. */
export interface TaskNotifications {
  taskFailed(run: TaskRun): void;
  graphSucceeded(run: GraphRun): void;
}
