import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { exitCode, type ExitCode } from './exit-code.ts';
import { cancelCommand } from './commands/cancel-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { graphCommand, type GraphOptions } from './commands/graph-command.ts';
import type { CommonOptions } from './commands/graph-session.ts';
import { historyCommand, type HistoryOptions } from './commands/history-command.ts';
import { logsCommand, type LogsOptions } from './commands/logs-command.ts';
import { promoteCommand, rollbackCommand, type ModelOptions, type PromoteOptions } from './commands/model-commands.ts';
import { retryCommand, runCommand, type RetryOptions, type RunOptions } from './commands/run-command.ts';
import { resumeCommand, suspendCommand, type ResumeOptions } from './commands/switch-commands.ts';
import { watchCommand, type WatchOptions } from './commands/watch-command.ts';
import { PipelineFailure } from './failure.ts';
import { reportFailure } from './report-failure.ts';

const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  $ npx pipeline ${line}`)].join('\n');

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

// The options by which every command finds its graph.
const withTarget = (command: Command): Command =>
  command
    .option('-s, --stack <stack>', 'the Pulumi stack that deployed the graph (default: $PULUMI_STACK, else local)')
    .option('--root <task>', 'the root task instead of a stack: DATABASE.SCHEMA.TASK')
    .option('--connection <name>', 'entry of connections.toml (default: what the stack says)')
    .option('--connections-file <file>', 'another connections.toml')
    .option('--json', 'JSON lines instead of text');

const commandsOf = (exit: (code: ExitCode) => void): readonly Command[] => {
  const command = (text: string, description: string, ...lines: readonly string[]): Command =>
    withTarget(new Command(text).description(description)).addHelpText('after', examples(...lines));
  const noWait = new Option('--no-wait', 'return as soon as the run is started');
  const dag = new Option('--dag', 'on a terminal with room for it, the drawn graph instead of the table');
  const logs = new Option('--logs', 'the whole logs of ML jobs as they are written (default: their last lines, on a terminal)');
  const noLogs = new Option('--no-logs', 'no logs of ML jobs');
  const model = new Option('--model <name>', "another model than the one in the graph's configuration: DATABASE.SCHEMA.MODEL");
  const runOption = new Option('--run <group>', 'the run whose group begins with this (see history)');
  return [
    command(
      'run',
      'start a run and watch it to its end',
      'run',
      'run --config quality.threshold=0.9 --config dataset=\'"2024"\'',
      'run --stack dev --json | jq -c .',
      'run --from TRAIN_MODEL',
      'run --root SNOWBANK.DAG_DEMO.PREPARE_DATA --connection dev',
    )
      .option('--from <task>', 'start at this task, where Snowflake allows it: the root, or one that failed in the last run')
      .option('-c, --config <key=value>', 'configuration of this run only; dots reach into objects; repeatable', collect)
      .addOption(noWait)
      .addOption(dag)
      .addOption(logs)
      .addOption(noLogs)
      .action(async (options: RunOptions) => exit(await runCommand(options))),
    command('watch', 'join the run under way, or show the last one', 'watch', 'watch --stack prod', 'watch --run 01b2c3')
      .addOption(runOption)
      .addOption(dag)
      .addOption(logs)
      .addOption(noLogs)
      .action(async (options: WatchOptions) => exit(await watchCommand(options))),
    command('retry', 'run again what failed in the last run, and what comes after it', 'retry', 'retry --run 01b2c3 --stack dev')
      .addOption(runOption)
      .addOption(noWait)
      .addOption(dag)
      .addOption(logs)
      .addOption(noLogs)
      .action(async (options: RetryOptions) => exit(await retryCommand(options))),
    command('cancel', 'cancel the run under way', 'cancel', 'cancel --stack dev').action(async (options: CommonOptions) =>
      exit(await cancelCommand(options)),
    ),
    command(
      'history',
      'list the runs of the last seven days',
      'history',
      'history --limit 100 --stats',
      'history --json | jq -r .state',
    )
      .option('-n, --limit <count>', 'how many runs', wholeNumber(1, 1000), 20)
      .option('--stats', 'success rate, percentiles, and where the time goes')
      .action(async (options: HistoryOptions) => exit(await historyCommand(options))),
    command('graph', 'draw the graph, with the states of its last run', 'graph', 'graph --svg graph.svg', 'graph --no-states')
      .option('--svg <file>', 'draw into an SVG file')
      .option('--no-states', 'without the last run')
      .action(async (options: GraphOptions) => exit(await graphCommand(options))),
    command(
      'logs',
      'show the error, traceback and job logs of a task',
      'logs TRAIN_MODEL',
      'logs train_model --lines 500 --run 01b2c3',
    )
      .argument('<task>', 'name of the task')
      .option('--lines <count>', 'lines of each job log', wholeNumber(1, 100_000), 100)
      .addOption(runOption)
      .action(async (task: string, options: Omit<LogsOptions, 'task'>) => exit(await logsCommand({ ...options, task }))),
    command('suspend', 'stop the schedule, or leave tasks out of runs', 'suspend', 'suspend SEND_ALERT --stack dev')
      .argument('[task...]', 'tasks to leave out (default: the root, which starts no more runs)')
      .action(async (tasks: readonly string[], options: CommonOptions) => exit(await suspendCommand({ ...options, tasks }))),
    command('resume', 'switch the graph on', 'resume', 'resume --children', 'resume SEND_ALERT --stack dev')
      .argument('[task...]', 'tasks to switch on (default: all)')
      .option('--children', 'all tasks but the root, for a graph that is only run by hand')
      .action(async (tasks: readonly string[], options: Omit<ResumeOptions, 'tasks'>) =>
        exit(await resumeCommand({ ...options, tasks })),
      ),
    command(
      'promote',
      "make a version of the graph's model the default: the newest, or the one named",
      'promote',
      'promote V_20260301_A1B2 --stack prod',
    )
      .argument('[version]', 'name of the version (default: the newest)')
      .addOption(model)
      .action(async (version: string | undefined, options: Omit<PromoteOptions, 'version'>) =>
        exit(await promoteCommand({ ...options, version })),
      ),
    command('rollback', "make the version before the default one the default of the graph's model", 'rollback --stack prod')
      .addOption(model)
      .action(async (options: ModelOptions) => exit(await rollbackCommand(options))),
    command('doctor', 'say what keeps the graph from running', 'doctor', 'doctor --stack prod --connection admin').action(
      async (options: CommonOptions) => exit(await doctorCommand(options)),
    ),
  ];
};

const exitCodesHelp = [
  '',
  'Exit codes of run, watch and retry:',
  '  0 SUCCEEDED   1 FAILED   2 usage, connection or refusal   3 CANCELLED   4 root SKIPPED   130 stopped watching',
  '',
  'Connections are read from connections.toml ($SNOWFLAKE_HOME, ~/.snowflake) like those of the Snowflake CLI;',
  'SNOWFLAKE_ACCOUNT, _USER, _PASSWORD, _PRIVATE_KEY_FILE, _ROLE, _WAREHOUSE, _HOST, _PORT, _PROTOCOL go before them.',
].join('\n');

const wrongUsage = ({ message }: CommanderError): PipelineFailure =>
  new PipelineFailure(message.replace(/^error: /u, ''), { wayOut: 'See pipeline --help, and --help of the command.' });

/** Runs the command line. @returns the exit code; nothing is thrown. */
export const main = async (args: readonly string[]): Promise<ExitCode> => {
  let code: ExitCode = exitCode.succeeded;
  const program = new Command('pipeline')
    .description('Runs, watches and explains a task graph deployed on Snowflake, local or real.')
    .addHelpText('after', `${exitCodesHelp}\n${examples('run', 'watch --stack dev', 'graph', 'logs TRAIN_MODEL', 'run --help')}`)
    .exitOverride();
  const json = args.includes('--json');
  // With --json, wrong usage is told as every other error is.
  const outputError = (text: string, write: (text: string) => void): void => {
    if (!json) write(text);
  };
  program.configureOutput({ outputError });
  for (const command of commandsOf((result) => (code = result)))
    program.addCommand(command.exitOverride().configureOutput({ outputError }));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, json, process.env);
    if (error.exitCode === 0) return exitCode.succeeded;
    return json ? reportFailure(wrongUsage(error), json, process.env) : exitCode.unusable;
  }
};
