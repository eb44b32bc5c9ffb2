import { rmSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import { dataHome, type HomeOptions, isOurs } from '../data-home.ts';
import { halt } from '../halt.ts';
import { report } from '../report.ts';

/** Stops the server and deletes its folder, with every object, row and stage file in it. */
export async function reset(options: HomeOptions & { readonly yes?: boolean; readonly json?: boolean }): Promise<void> {
  const home = dataHome(options);
  if (statSync(home.directory, { throwIfNoEntry: false }) === undefined) {
    report(options.json, { removed: false, data: home.directory }, () => [`There is nothing in ${home.directory}.`]);
    return;
  }
  if (!isOurs(home)) {
    throw new CommandFailure(
      exitCodes.dataUnusable,
      `${home.directory} was not made by local-snowflake; nothing is deleted. Name the right folder with --data.`,
    );
  }
  if (options.yes !== true) await confirm(home.directory);
  await halt(home);
  rmSync(home.directory, { recursive: true, force: true });
  report(options.json, { removed: true, data: home.directory }, () => [`Removed ${home.directory}.`]);
}

async function confirm(directory: string): Promise<void> {
  if (!process.stdin.isTTY) throw new CommandFailure(exitCodes.usage, `This deletes ${directory}. Say so with --yes.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Delete ${directory} with all objects and data? [y/N] `);
  terminal.close();
  if (!/^y(es)?$/iu.test(answer.trim())) throw new CommandFailure(exitCodes.usage, 'Nothing is deleted.');
}
