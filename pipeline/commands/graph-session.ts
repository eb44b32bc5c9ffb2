import { resolveTarget, type Target, type TargetOptions } from '../connection/target.ts';
import type { TaskGraph } from '../graph/task-graph.ts';
import { realPace, type Pace } from '../run/pace.ts';
import { readGraph } from '../snowflake/read-graph.ts';
import { connectToSnowflake } from '../snowflake/sdk-client.ts';
import { timeOrNull, type SqlClient } from '../snowflake/sql-client.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { openOutput, type Output } from '../terminal/output.ts';

export interface CommonOptions extends TargetOptions {
  readonly json?: boolean | undefined;
}

/** What a command works with: an open connection and the graph it is about. */
export interface GraphSession {
  readonly client: SqlClient;
  readonly graph: TaskGraph;
  readonly target: Target;
  readonly output: Output;
  readonly pace: Pace;
  /** The server's clock, epoch milliseconds: this machine's may differ. */
  readonly serverNow: () => number;
}

const clockOf = async (client: SqlClient, pace: Pace): Promise<() => number> => {
  const asked = pace.now();
  const [row] = await client.query('SELECT CURRENT_TIMESTAMP() AS NOW');
  const answered = pace.now();
  const server = row === undefined ? null : timeOrNull(row, 'NOW');
  const ahead = server === null ? 0 : server - (asked + answered) / 2;
  return () => pace.now() + ahead;
};

/** Connects, reads the graph, hands both to the command, and closes the connection however that ends. */
export const withGraph = async <T>(options: CommonOptions, command: (session: GraphSession) => Promise<T>): Promise<T> => {
  const output = openOutput(options.json === true, process.env);
  const target = await resolveTarget(options, process.cwd(), process.env);
  const client = await connectToSnowflake(target.entry);
  try {
    const [graph, serverNow] = await Promise.all([readGraph(client, target.root), clockOf(client, realPace)]);
    return await command({ client, graph, target, output, pace: realPace, serverNow });
  } finally {
    // Saying good-bye must not keep anyone waiting.
    await Promise.race([client.close(), realPace.wait(2000)]);
  }
};

const quoted = (word: string): string => (/^[\w.$/-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);

/** The options that name the same graph again, for advice such as "pipeline watch --stack dev". */
export const sameTarget = ({ root, stack, entry, given }: Target): string => {
  const options: readonly (readonly [name: string, value: string | undefined])[] = [
    ['stack', stack === 'local' ? given.stack : stack],
    ['root', given.root === undefined ? undefined : displayTaskName(root)],
    ['connection', stack === undefined ? entry.name : given.connection],
    ['connections-file', given.connectionsFile],
  ];
  return options.map(([name, value]) => (value === undefined ? '' : ` --${name} ${quoted(value)}`)).join('');
};
