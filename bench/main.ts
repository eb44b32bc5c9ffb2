import { demoBench } from './demo.ts';
import { graphBench } from './graph.ts';
import { mlBench } from './ml.ts';
import { queryBench } from './queries.ts';
import { stackBench } from './stack.ts';
import { startBench } from './start.ts';

/** One measured figure. Printed as a JSON line. */
export interface Figure {
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'ratio' | 's' | '1/s';
  /** What the figure should not exceed. */
  readonly aim?: number;
}

const benches: Readonly<Record<string, (report: (figure: Figure) => void) => Promise<void>>> = {
  queries: queryBench,
  graph: graphBench,
  start: startBench,
  stack: stackBench,
  demo: demoBench,
  ml: mlBench,
};

const asked = process.argv.slice(2);
if (asked.includes('--help') || asked.includes('-h')) {
  process.stdout.write(
    `usage: npm run -s bench -- [${Object.keys(benches).join('|')}]…\nMeasures and prints one JSON line a figure; without a name, everything.\n`,
  );
} else {
  const unknown = asked.filter((name) => benches[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`No bench named ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.\n`);
    process.exitCode = 2;
  } else {
    for (const name of asked.length === 0 ? Object.keys(benches) : asked) {
      await benches[name]?.((figure) => {
        process.stdout.write(`${JSON.stringify(figure)}\n`);
      });
    }
  }
}
