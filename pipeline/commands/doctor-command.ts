import { readAccountFacts } from '../doctor/account-facts.ts';
import { examine } from '../doctor/examine.ts';
import type { Finding, Level } from '../doctor/finding.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { readHistory } from '../run/read-history.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import type { Output } from '../terminal/output.ts';
import { sameTarget, withGraph, type CommonOptions } from './graph-session.ts';

const marks: Readonly<Record<Level, string>> = { ok: '✓', warning: '!', problem: '✗' };

const print = (finding: Finding, output: Output): void => {
  const { colours } = output;
  const paint = { ok: colours.green, warning: colours.yellow, problem: colours.red }[finding.level];
  output.print(`${paint(marks[finding.level])} ${finding.text}`);
  if (finding.wayOut !== undefined) output.print(`    ${finding.wayOut}`);
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Says what keeps the graph from running, and what to do about it. */
export const doctorCommand = (options: CommonOptions): Promise<ExitCode> =>
  withGraph(options, async ({ client, graph, output, serverNow, target }) => {
    const [facts, history] = await Promise.all([
      readAccountFacts(client, graph.owner),
      readHistory(client, graph, 20, serverNow()),
    ]);
    const findings = examine(graph, facts, history.runs, sameTarget(target));
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
