/** A task of a measured graph and the names of those before it. */
export interface ShapedTask {
  readonly name: string;
  readonly after: readonly string[];
}

/** Names of tasks, from the first number on. */
const named = (numbers: readonly number[]): readonly string[] => numbers.map((number) => `T${String(number)}`);

// Snowflake allows a task 100 predecessors and 100 children. https://docs.snowflake.com/en/user-guide/tasks-graphs
const widest = 100;

function chain(position: number): readonly number[] {
  return position === 0 ? [] : [position - 1];
}

/** A root with up to 100 children; what is more hangs evenly below these. */
function fan(position: number): readonly number[] {
  if (position === 0) return [];
  return position <= widest ? [0] : [1 + ((position - 1) % widest)];
}

/** Out of one task into up to 98 and together again, one such diamond behind the other. */
function diamonds(position: number, size: number): readonly number[] {
  const first = position - (position % widest);
  if (position === first) return position === 0 ? [] : [position - 1];
  const last = Math.min(first + widest, size) - 1;
  return position === last ? Array.from({ length: last - first - 1 }, (_, index) => first + 1 + index) : [first];
}

/** Predecessors of the task at a position of a graph of so many tasks. */
const predecessors = { chain, fan, diamonds } as const;

export type Shape = keyof typeof predecessors;

export const shapes = Object.keys(predecessors) as readonly Shape[];

/** A graph of so many tasks within Snowflake's limits, predecessors first. */
export function shapedGraph(shape: Shape, size: number): readonly ShapedTask[] {
  return Array.from({ length: size }, (_, position) => ({
    name: `T${String(position)}`,
    after: named(predecessors[shape](position, size)),
  }));
}
