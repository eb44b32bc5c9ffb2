import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { credentials } from './commands/credentials.ts';
import { history } from './commands/history.ts';
import { outbox } from './commands/outbox.ts';
import { reset } from './commands/reset.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { stop } from './commands/stop.ts';

const program = new Command('local-snowflake')
  .description('A local Snowflake on 127.0.0.1, for any Snowflake client.')
  .helpCommand(false)
  .exitOverride();

/** Options that every command has: which server is meant, and for whom to print. */
function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(
      new Option('--data <dir>', 'folder of objects and data (else $LOCAL_SNOWFLAKE_DATA, else .local/snowflake)').conflicts(
        'memory',
      ),
    )
    .option('--memory', 'keep nothing on disk')
    .option('--json', 'print JSON')
    .exitOverride();
}

function integer(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/u.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${String(minimum)} to ${String(maximum)}.`);
  };
}

command('start', 'start the server and wait until it is ready; does nothing when it runs')
  .option('--port <n>', 'port to listen on; 0 for any free one (else the one used last)', integer(0, 65_535))
  .option('--foreground', 'stay in the terminal, log to standard error, end with Ctrl-C')
  .action(start);
command('stop', 'stop the server; objects and data stay').action(stop);
command('status', 'whether the server runs (exit code 0) or not (3)').action(status);
command('credentials', 'account, user, password, address and connections file').action(credentials);
command('history', 'the statements that the server has served')
  .option('--limit <n>', 'how many, the newest', integer(1, 10_000), 100)
  .action(history);
command('outbox', 'the e-mails and webhook calls that the server has sent or kept').action(outbox);
command('reset', 'stop the server and delete its objects and data').option('--yes', 'do not ask').action(reset);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed its message or the help.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    const failure = error instanceof CommandFailure ? error : undefined;
    process.stderr.write(`local-snowflake: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = failure?.exitCode ?? exitCodes.internal;
  }
}
