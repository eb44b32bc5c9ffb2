import { exitCode, exitCodeOfRun, type ExitCode } from '../exit-code.ts';
import { followRun } from '../run/follow-run.ts';
import { isFinal, type GraphRun } from '../run/graph-run.ts';
import { openRunView } from '../terminal/run-view.ts';
import { sameTarget, type GraphSession } from './graph-session.ts';

const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });

/** Shows a run until it ends, or until Ctrl-C, which leaves the run alone. Gives the exit code that says how it ended. */
export const watchSession = async (session: GraphSession, run: GraphRun, remarks: readonly string[] = []): Promise<ExitCode> => {
  const { output, target, graph } = session;
  const again = sameTarget(target);
  const view = openRunView(output, graph, again);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const interrupted = aborted(interrupt.signal);
  const progresses = followRun({ ...session, run, signal: interrupt.signal });
  try {
    for (const remark of remarks) view.remark(remark);
    for (;;) {
      // Ctrl-C counts at once, even while an answer is long in coming.
      const next = await Promise.race([progresses.next(), interrupted]);
      if (next === 'aborted' || next.done) break;
      const { state } = next.value.run;
      if (isFinal(state)) {
        view.end(next.value);
        return exitCodeOfRun(state);
      }
      view.show(next.value);
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
