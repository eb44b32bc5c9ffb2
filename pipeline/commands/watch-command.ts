import type { ExitCode } from '../exit-code.ts';
import { PipelineFailure } from '../failure.ts';
import { runToWatch } from '../run/find-run.ts';
import { findRunByGroup, readHistory } from '../run/read-history.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { sameTarget, withGraph, type CommonOptions } from './graph-session.ts';
import { type WatchDisplay, watchSession } from './watch-session.ts';

export interface WatchOptions extends CommonOptions, WatchDisplay {
  readonly run?: string | undefined;
}

/** Joins the run under way, or shows the last one. */
export const watchCommand = (options: WatchOptions): Promise<ExitCode> =>
  withGraph(options, async (session) => {
    const { client, graph, serverNow, target } = session;
    const run =
      options.run === undefined
        ? await runToWatch(client, graph, serverNow())
        : findRunByGroup((await readHistory(client, graph, 1000, serverNow())).runs, options.run);
    if (run === undefined) {
      throw new PipelineFailure(`${displayTaskName(graph.root)} has not run in the last seven days, and no run is due.`, {
        wayOut: `Start one: pipeline run${sameTarget(target)}.`,
      });
    }
    return watchSession(session, run, options);
  });
