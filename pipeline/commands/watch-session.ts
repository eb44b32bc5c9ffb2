import { exitCode, exitCodeOfRun, type ExitCode } from '../exit-code.ts';
import { followRun } from '../run/follow-run.ts';
import { isFinal, type GraphRun } from '../run/graph-run.ts';
import { JobTails } from '../run/job-tails.ts';
import type { RunProgress } from '../run/run-progress.ts';
import { SqlFailure } from '../snowflake/sql-failure.ts';
import { openRunView, type RunView } from '../terminal/run-view.ts';
import { sameTarget, type GraphSession } from './graph-session.ts';

/** How a run is shown. */
export interface WatchDisplay {
  /** The drawn graph instead of the table, where it fits. */
  readonly dag?: boolean | undefined;
  /** The logs of ML jobs as they are written: whole, or not at all; undefined for their last lines, on a terminal. */
  readonly logs?: boolean | undefined;
}

const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });

/** Shows what the jobs log; gives up, saying why when logs were asked for, where the role may not read them. */
const logReader = (
  { client, graph, pace }: GraphSession,
  view: RunView,
  asked: boolean,
): ((progress: RunProgress) => Promise<void>) => {
  let tails: JobTails | undefined = new JobTails(client, graph);
  return async (progress) => {
    if (tails === undefined) return;
    try {
      view.log(await tails.look(progress, pace.now(), isFinal(progress.run.state)));
    } catch (error) {
      if (!(error instanceof SqlFailure)) throw error;
      tails = undefined;
      if (asked) view.remark(`The logs of the jobs are not shown: ${error.message}`);
    }
  };
};

/** An answer that is so long in coming is remarked upon: the driver itself tries again in silence, for minutes. */
const longSilence = 15_000;

const sayWhenSilent = ({ client, pace }: GraphSession, view: RunView): (() => void) => {
  const answer = new AbortController();
  void pace.wait(longSilence, answer.signal).then(() => {
    if (!answer.signal.aborted) view.remark(`No answer from ${client.address} for ${longSilence / 1000} seconds; still trying.`);
  });
  return () => answer.abort();
};

/** Shows a run until it ends, or until Ctrl-C, which leaves the run alone. Gives the exit code that says how it ended. */
export const watchSession = async (
  session: GraphSession,
  run: GraphRun,
  display: WatchDisplay,
  remarks: readonly string[] = [],
): Promise<ExitCode> => {
  const { output, target, graph } = session;
  const again = sameTarget(target);
  const asked = display.logs === true;
  const view = openRunView(output, graph, { again, dag: display.dag === true, wholeLogs: asked });
  const readLogs = (display.logs ?? output.live) ? logReader(session, view, asked) : undefined;
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const interrupted = aborted(interrupt.signal);
  const progresses = followRun({ ...session, run, signal: interrupt.signal });
  try {
    for (const remark of remarks) view.remark(remark);
    for (;;) {
      // Ctrl-C counts at once, even while an answer is long in coming.
      const answered = sayWhenSilent(session, view);
      const next = await Promise.race([progresses.next(), interrupted]).finally(answered);
      if (next === 'aborted' || next.done) break;
      const { state } = next.value.run;
      if (!isFinal(state)) view.show(next.value);
      if (readLogs !== undefined && (await Promise.race([readLogs(next.value), interrupted])) === 'aborted') break;
      if (isFinal(state)) {
        view.end(next.value);
        return exitCodeOfRun(state);
      }
    }
  } catch (error) {
    view.leave();
    throw error;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
  view.leave();
  output.remark(`Stopped watching; the run goes on. Join it again: pipeline watch${again}. End it: pipeline cancel${again}.`);
  return exitCode.interrupted;
};
