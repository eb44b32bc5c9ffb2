import { exitCode, type ExitCode } from '../exit-code.ts';
import { PipelineFailure } from '../failure.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { findRunByGroup, readHistory } from '../run/read-history.ts';
import { mergeConfig, parseRunConfig, type ConfigObject } from '../run/run-config.ts';
import { lastProgress } from '../run/last-progress.ts';
import { startFrom, type StartFrom } from '../run/start-from.ts';
import { startRun, type StartRequest } from '../run/start-run.ts';
import { runAsJson } from '../terminal/json-run-view.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { sameTarget, withGraph, type CommonOptions, type GraphSession } from './graph-session.ts';
import { type WatchDisplay, watchSession } from './watch-session.ts';

export interface RunOptions extends CommonOptions, WatchDisplay {
  readonly config?: readonly string[] | undefined;
  /** Where the run starts; the root when left out. */
  readonly from?: string | undefined;
  readonly wait?: boolean | undefined;
}

export interface RetryOptions extends CommonOptions, WatchDisplay {
  readonly run?: string | undefined;
  readonly wait?: boolean | undefined;
}

const suspendedRemark = (graph: TaskGraph, again: string): readonly string[] => {
  const suspended = graph.tasks.filter((task) => task.suspended && task.role !== 'root');
  if (suspended.length === 0) return [];
  const names = suspended.slice(0, 5).map((task) => task.name);
  const more = suspended.length > names.length ? ` and ${suspended.length - names.length} more` : '';
  return [`Suspended, so left out of the run: ${names.join(', ')}${more}. Switch them on: pipeline resume --children${again}.`];
};

// A key that the default configuration does not have is more often mistyped than meant.
const unknownKeys = (graph: TaskGraph, config: ConfigObject | undefined): readonly string[] => {
  if (graph.config === null || config === undefined) return [];
  let defaults: ConfigObject;
  try {
    defaults = JSON.parse(graph.config) as ConfigObject;
  } catch {
    return [];
  }
  const known = Object.keys(mergeConfig(defaults, {}));
  const unknown = Object.keys(config).filter((key) => !known.includes(key));
  return unknown.length === 0 ? [] : [`Not in the graph's own configuration: ${unknown.join(', ')}. It has ${known.join(', ')}.`];
};

const startAndWatch = async (
  session: GraphSession,
  request: StartRequest,
  remarks: readonly string[],
  options: WatchDisplay & { readonly wait?: boolean | undefined },
): Promise<ExitCode> => {
  const { client, graph, output, pace, serverNow, target } = session;
  const started = await startRun(client, graph, request, serverNow, pace);
  const behind =
    started.behind === undefined || started.run.state !== 'SCHEDULED'
      ? []
      : [`Run ${started.behind.group.slice(0, 8)} is under way; this one starts after it.`];
  const said = [...remarks, ...behind];
  if (options.wait !== false) return watchSession(session, started.run, options, said);
  for (const remark of said) output.remark(remark);
  output.print(
    output.json
      ? JSON.stringify({ event: 'run', graph: displayTaskName(graph.root), ...runAsJson(started.run) })
      : `Started run ${started.run.group}${started.run.attempt > 1 ? `, attempt ${started.run.attempt}` : ''}. Watch it: pipeline watch${sameTarget(target)}.`,
  );
  return exitCode.succeeded;
};

/** Where `--from` has the run start. @throws PipelineFailure where Snowflake starts none */
const requestFrom = async (session: GraphSession, task: string, config: ConfigObject | undefined): Promise<StartFrom> => {
  const { client, graph, serverNow, target } = session;
  const last = await lastProgress(client, graph, serverNow());
  const found = startFrom(graph, task, last, sameTarget(target));
  if (found.request.kind === 'fresh') return { ...found, request: { kind: 'fresh', config } };
  if (config === undefined) return found;
  throw new PipelineFailure('A retry runs with the configuration of the run that it goes on with: --config cannot change it.', {
    wayOut: 'Leave --config out, or start a whole run without --from.',
  });
};

/** Starts a run of the graph and watches it to its end. */
export const runCommand = async (options: RunOptions): Promise<ExitCode> => {
  const config = parseRunConfig(options.config ?? []);
  return withGraph(options, async (session) => {
    const fresh: StartFrom = { request: { kind: 'fresh', config }, remarks: [] };
    const { request, remarks } = options.from === undefined ? fresh : await requestFrom(session, options.from, config);
    const said = [...remarks, ...suspendedRemark(session.graph, sameTarget(session.target)), ...unknownKeys(session.graph, config)];
    return startAndWatch(session, request, said, options);
  });
};

/** Starts the last run, or the one named, again from what failed, and watches it to its end. */
export const retryCommand = (options: RetryOptions): Promise<ExitCode> =>
  withGraph(options, async (session) => {
    const { client, graph, serverNow } = session;
    const request: StartRequest =
      options.run === undefined
        ? { kind: 'retry last' }
        : {
            kind: 'retry group',
            group: findRunByGroup((await readHistory(client, graph, 1000, serverNow())).runs, options.run).group,
          };
    return startAndWatch(session, request, [], options);
  });
