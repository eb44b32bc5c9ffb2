import type { GraphRun, TaskRun } from './graph-run.ts';
import type { GraphVersion } from './graph-version.ts';
import type { GraphRecord, TaskRecord } from './run-store.ts';

export function newTaskRun(graph: GraphRun, position: number, scheduledTime: number): TaskRun {
  return {
    graph,
    position,
    scheduledTime,
    state: 'SCHEDULED',
    queryId: null,
    queryStartTime: null,
    completedTime: null,
    returnValue: null,
    errorCode: null,
    errorMessage: null,
    systemError: false,
  };
}

export function graphRecord(run: GraphRun): GraphRecord {
  return {
    t: 'graph',
    g: run.id,
    root: run.version.rootId,
    version: run.version.version,
    group: run.group,
    attempt: run.attempt,
    run: run.runId,
    from: run.scheduledFrom,
    at: run.scheduledTime,
    by: run.scheduledBy,
    config: run.config,
    last: run.lastSuccess,
    retries: run.retriesLeft,
    carried: [...run.carried].map(([position, { outcome, returnValue }]) => [position, outcome, returnValue] as const),
  };
}

export function taskRecord(run: TaskRun): TaskRecord {
  return {
    t: 'task',
    g: run.graph.id,
    p: run.position,
    s: run.state,
    at: run.scheduledTime,
    ...(run.queryId === null ? {} : { q: run.queryId }),
    ...(run.queryStartTime === null ? {} : { start: run.queryStartTime }),
    ...(run.completedTime === null ? {} : { end: run.completedTime }),
    ...(run.returnValue === null ? {} : { value: run.returnValue }),
    ...(run.errorCode === null ? {} : { code: run.errorCode }),
    ...(run.errorMessage === null ? {} : { message: run.errorMessage }),
    ...(run.systemError ? { system: true as const } : {}),
  };
}

/** The graph run that a record tells of, under way and without task runs. */
export function graphRunOf(record: GraphRecord, version: GraphVersion): GraphRun {
  return {
    id: record.g,
    version,
    group: record.group,
    attempt: record.attempt,
    runId: record.run,
    scheduledFrom: record.from,
    scheduledTime: record.at,
    scheduledBy: record.by,
    config: record.config,
    lastSuccess: record.last,
    retriesLeft: record.retries,
    carried: new Map(record.carried.map(([position, outcome, returnValue]) => [position, { outcome, returnValue }])),
    tasks: new Map(),
    state: 'EXECUTING',
    completedTime: null,
  };
}

/** The task run as the record has it; `known` is brought up to date when there is one. */
export function restoreTaskRun(record: TaskRecord, graph: GraphRun, known: TaskRun | undefined): TaskRun {
  const run = known ?? newTaskRun(graph, record.p, record.at);
  run.state = record.s;
  run.queryId = record.q ?? null;
  run.queryStartTime = record.start ?? null;
  run.completedTime = record.end ?? null;
  run.returnValue = record.value ?? null;
  run.errorCode = record.code ?? null;
  run.errorMessage = record.message ?? null;
  run.systemError = record.system === true;
  return run;
}
