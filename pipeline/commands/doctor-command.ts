import { readAccountFacts } from '../doctor/account-facts.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding, Level } from '../doctor/finding.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import type { GraphRun } from '../run/graph-run.ts';
import { readHistory } from '../run/read-history.ts';
import { SqlFailure } from '../snowflake/sql-failure.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import type { Output } from '../terminal/output.ts';
import { sameTarget, withGraph, type CommonOptions, type GraphSession } from './graph-session.ts';

const marks: Readonly<Record<Level, string>> = { ok: '✓', warning: '!', problem: '✗' };

const print = (finding: Finding, output: Output): void => {
  const { colours } = output;
  const paint = { ok: colours.green, warning: colours.yellow, problem: colours.red }[finding.level];
  output.print(`${paint(marks[finding.level])} ${finding.text}`);
  if (finding.wayOut !== undefined) output.print(`    ${finding.wayOut}`);
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const noActiveWarehouse = 606;

/** The last runs; undefined where the connection has no warehouse to read them with, which is what doctor may be asked about. */
const lastRuns = async ({ client, graph, serverNow }: GraphSession): Promise<readonly GraphRun[] | undefined> => {
  try {
    return (await readHistory(client, graph, 20, serverNow())).runs;
  } catch (error) {
    if (error instanceof SqlFailure && error.code === noActiveWarehouse) return undefined;
    throw error;
  }
};

/** Says what keeps the graph from running, and what to do about it. */
export const doctorCommand = (options: CommonOptions): Promise<ExitCode> =>
  withGraph(options, async (session) => {
    const { client, graph, output, target } = session;
    const [facts, runs] = await Promise.all([readAccountFacts(client, graph.owner), lastRuns(session)]);
    const findings = examine(graph, facts, runs, sameTarget(target));
    const problems = findings.filter((finding) => finding.level === 'problem').length;
    const warnings = findings.filter((finding) => finding.level === 'warning').length;
    if (output.json) {
      for (const finding of findings) output.print(JSON.stringify({ event: 'finding', ...finding }));
    } else {
      output.print(`${output.colours.bold(displayTaskName(graph.root))}, ${graph.tasks.length} tasks owned by ${graph.owner}`);
      for (const finding of findings) print(finding, output);
      output.print(
        problems + warnings === 0 ? 'Nothing found.' : `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`,
      );
    }
    return problems > 0 ? exitCode.unhealthy : exitCode.succeeded;
  });
