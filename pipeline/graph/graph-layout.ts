import { layeredLayout, type Layout } from './layered-layout.ts';
import type { LayoutEdge } from './layers.ts';
import type { TaskGraph } from './task-graph.ts';
import { columnsOf } from './terminal-drawing.ts';

/** The edges to draw: predecessors, and dashed ones from every task that none follows to the finalizer, which runs last. */
export const graphEdges = (graph: TaskGraph): readonly LayoutEdge[] => {
  const names = new Set(graph.tasks.map((task) => task.name));
  const edges = graph.tasks.flatMap((task) =>
    task.predecessors.filter((name) => names.has(name)).map((name): LayoutEdge => ({ from: name, to: task.name })),
  );
  const finalizer = graph.tasks.find((task) => task.role === 'finalizer');
  if (finalizer === undefined) return edges;
  const followed = new Set(edges.map((edge) => edge.from));
  const last = graph.tasks.filter((task) => task !== finalizer && !followed.has(task.name));
  return [...edges, ...last.map((task) => ({ from: task.name, to: finalizer.name, dashed: true }))];
};

/** Lays the graph out with boxes wide enough for the given lines. */
export const layoutGraph = (graph: TaskGraph, linesOf: (task: string) => readonly string[]): Layout =>
  layeredLayout(
    graph.tasks.map((task) => {
      const lines = linesOf(task.name);
      return { id: task.name, width: Math.max(...lines.map(columnsOf)) + 4, height: lines.length + 2 };
    }),
    graphEdges(graph),
  );
