import { writeFileSync } from 'node:fs';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { PipelineFailure } from '../failure.ts';
import { drawSvg } from '../graph/svg-drawing.ts';
import type { GraphTask, TaskGraph } from '../graph/task-graph.ts';
import { lastProgress } from '../run/last-progress.ts';
import type { RunProgress, TaskProgress } from '../run/run-progress.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { graphDrawing } from '../terminal/graph-drawing.ts';
import { taskAsJson } from '../terminal/json-run-view.ts';
import { runHeadline } from '../terminal/progress-table.ts';
import { withGraph, type CommonOptions } from './graph-session.ts';

export interface GraphOptions extends CommonOptions {
  readonly svg?: string | undefined;
  /** False: only how the tasks hang together, not how the last run went. */
  readonly states?: boolean | undefined;
}

const rootDetail = (graph: TaskGraph): string => {
  const root = graph.tasks[0];
  const schedule = root?.schedule ?? 'no schedule';
  return `${graph.tasks.length} tasks, ${schedule}${root?.suspended ? ', suspended' : ''}`;
};

const tooltip = (task: GraphTask, progress: TaskProgress | undefined): string =>
  [
    task.name,
    ...(task.condition === null ? [] : [`WHEN ${task.condition}`]),
    ...(task.role === 'finalizer' ? ['finalizer: runs last, however the others ended'] : []),
    ...(progress?.returnValue ? [`returned ${progress.returnValue}`] : []),
    ...(progress?.errorMessage ? [progress.errorMessage] : []),
    task.definition,
  ].join('\n');

const asJson = (graph: TaskGraph, progress: RunProgress | undefined): string =>
  JSON.stringify({
    event: 'graph',
    graph: displayTaskName(graph.root),
    owner: graph.owner,
    config: graph.config === null ? null : (JSON.parse(graph.config) as unknown),
    tasks: graph.tasks.map((task) => {
      const of = progress?.tasks.find((other) => other.name === task.name);
      return { ...task, lastRun: of === undefined ? null : taskAsJson(of) };
    }),
  });

/** Draws the graph, coloured by how its last run went, in the terminal or into an SVG file. */
export const graphCommand = (options: GraphOptions): Promise<ExitCode> =>
  withGraph(options, async ({ client, graph, output, serverNow }) => {
    const { colours } = output;
    const progress = options.states === false ? undefined : await lastProgress(client, graph, serverNow());
    const drawing = graphDrawing(graph, progress, false);
    const name = displayTaskName(graph.root);
    if (options.svg !== undefined) {
      const svg = drawSvg(drawing.layout, { title: name, detail: rootDetail(graph) }, (id) => {
        const task = graph.tasks.find((other) => other.name === id);
        const state = progress?.tasks.find((other) => other.name === id);
        const [title = id, detail = ''] = drawing.linesOf(id);
        return { title, detail, tooltip: task === undefined ? id : tooltip(task, state), state: state?.state };
      });
      try {
        writeFileSync(options.svg, svg);
      } catch (error) {
        throw new PipelineFailure(`${options.svg} cannot be written: ${(error as Error).message}.`, { cause: error });
      }
      output.remark(`Wrote ${options.svg}.`);
      if (!output.json) return exitCode.succeeded;
    }
    if (output.json) {
      output.print(asJson(graph, progress));
      return exitCode.succeeded;
    }
    output.print(
      progress === undefined
        ? `${colours.bold(name)} ${colours.dim(rootDetail(graph))}`
        : runHeadline(name, progress.run, progress.duration, colours),
    );
    output.print('');
    const { width } = drawing.layout;
    if (width > output.columns) {
      output.remark(
        `The drawing is ${width} columns wide, the terminal ${output.columns}: as a list. Drawn in full: pipeline graph | less -S, or --svg FILE.`,
      );
      for (const line of listLines(graph, drawing.linesOf)) output.print(line);
      return exitCode.succeeded;
    }
    for (const line of drawing.draw(colours)) output.print(line);
    return exitCode.succeeded;
  });

const listLines = (graph: TaskGraph, linesOf: (name: string) => readonly string[]): readonly string[] =>
  graph.tasks.map((task) => {
    const after =
      task.role === 'finalizer'
        ? 'after all others'
        : task.predecessors.length === 0
          ? ''
          : `after ${task.predecessors.join(', ')}`;
    return `  ${linesOf(task.name).join('  ')}  ${after}`.trimEnd();
  });
