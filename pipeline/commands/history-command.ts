import { exitCode, type ExitCode } from '../exit-code.ts';
import { isFinal, type GraphRun } from '../run/graph-run.ts';
import { statsOf, type HistoryStats } from '../run/history-stats.ts';
import { readHistory } from '../run/read-history.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { formatDuration } from '../terminal/duration.ts';
import { runAsJson } from '../terminal/json-run-view.ts';
import type { Output } from '../terminal/output.ts';
import { oneLine, shorten } from '../terminal/printable.ts';
import { plainTable } from '../terminal/progress-table.ts';
import { paintState, stateMark } from '../terminal/style.ts';
import { sameTarget, withGraph, type CommonOptions } from './graph-session.ts';

export interface HistoryOptions extends CommonOptions {
  readonly limit: number;
  readonly stats?: boolean | undefined;
}

const duration = (value: number | null): { content: string; hAlign: 'right' } => ({
  content: value === null ? '' : formatDuration(value),
  hAlign: 'right',
});

const runRow = (run: GraphRun, output: Output, now: number): readonly (string | { content: string; hAlign: 'right' })[] => {
  const { colours } = output;
  const took =
    run.state === 'SCHEDULED' || run.scheduledAt === null
      ? null
      : (isFinal(run.state) ? (run.completedAt ?? run.scheduledAt) : now) - run.scheduledAt;
  const error =
    run.firstErrorTask === null
      ? ''
      : `${run.firstErrorTask}: ${shorten(oneLine(run.firstErrorMessage ?? ''), Math.max(20, Math.min(output.columns - 100, 200)))}`;
  return [
    run.scheduledAt === null ? '' : new Date(run.scheduledAt).toISOString().replace('T', ' ').slice(0, 19),
    run.group.slice(0, 8),
    { content: String(run.attempt), hAlign: 'right' },
    paintState(colours, run.state, `${stateMark(run.state)} ${run.state}`),
    duration(took),
    run.scheduledFrom,
    colours.dim(error),
  ];
};

const percent = (part: number | null): string => (part === null ? '' : `${Math.round(part * 100)}%`);

const printStats = (stats: HistoryStats, output: Output): void => {
  const { colours } = output;
  output.print('');
  if (stats.runs === 0) {
    output.print('No run has ended yet: nothing to count.');
    return;
  }
  output.print(
    `${stats.succeeded} of ${stats.runs} runs succeeded (${percent(stats.successRate)}). Half took at most ${formatDuration(stats.p50 ?? 0)}, 95 of 100 at most ${formatDuration(stats.p95 ?? 0)}.`,
  );
  output.print('');
  const rows = stats.tasks.map((task) => [
    task.task,
    { content: String(task.runs), hAlign: 'right' as const },
    { content: task.failed === 0 ? '0' : colours.red(String(task.failed)), hAlign: 'right' as const },
    duration(task.p50),
    duration(task.p95),
    duration(task.queued),
    { content: percent(task.share), hAlign: 'right' as const },
    '█'.repeat(Math.round(task.share * 20)),
  ]);
  for (const line of plainTable(colours, ['TASK', 'RUNS', 'FAILED', 'P50', 'P95', 'WAIT P50', 'TIME', ''], rows))
    output.print(line);
};

/** Lists the runs of the last seven days, and with `--stats` how they do. */
export const historyCommand = (options: HistoryOptions): Promise<ExitCode> =>
  withGraph(options, async ({ client, graph, output, serverNow, target }) => {
    const now = serverNow();
    const history = await readHistory(client, graph, options.limit, now);
    if (output.json) {
      for (const run of history.runs)
        output.print(JSON.stringify({ event: 'run', graph: displayTaskName(graph.root), ...runAsJson(run) }));
      if (options.stats) output.print(JSON.stringify({ event: 'stats', ...statsOf(graph, history.runs, history.taskRuns) }));
      return exitCode.succeeded;
    }
    if (history.runs.length === 0) {
      output.print(
        `${displayTaskName(graph.root)} has not run in the last seven days. Start a run: pipeline run${sameTarget(target)}.`,
      );
      return exitCode.succeeded;
    }
    const headings = ['SCHEDULED (UTC)', 'RUN', 'TRY', 'STATE', 'DURATION', 'STARTED BY', 'FIRST ERROR'];
    for (const line of plainTable(
      output.colours,
      headings,
      history.runs.map((run) => runRow(run, output, now)),
    ))
      output.print(line);
    if (history.cut)
      output.remark(
        'Older runs are not shown: Snowflake gives the last 10,000 task runs. SNOWFLAKE.ACCOUNT_USAGE.TASK_HISTORY has them all.',
      );
    if (options.stats) printStats(statsOf(graph, history.runs, history.taskRuns), output);
    return exitCode.succeeded;
  });
