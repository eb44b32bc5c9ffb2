import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { CommandFailure, exitCodes } from './command-failure.ts';
import type { DataHome } from './data-home.ts';
import { readJsonFile } from './json-file.ts';
import { processIdentity } from './process-identity.ts';

/**
 * Makes sure that one server alone works on the folder. A lock whose process is gone counts for nothing.
 * @returns how to give it back
 * @throws CommandFailure `dataInUse`
 */
export function lockData(home: DataHome): () => void {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (tryCreate(home)) {
      return () => {
        rmSync(home.lock, { force: true });
      };
    }
    const holder = readJsonFile(home.lock);
    const pid = holder?.['pid'];
    if (typeof pid === 'number' && processIdentity(pid) === holder?.['identity']) throw dataInUse(home, pid);
    rmSync(home.lock, { force: true });
  }
  throw dataInUse(home, undefined);
}

/** Also what DuckDB's own lock on its file amounts to. */
export function dataInUse(home: DataHome, pid: number | undefined): CommandFailure {
  const holder = pid === undefined ? 'another process' : `process ${String(pid)}`;
  return new CommandFailure(
    exitCodes.dataInUse,
    `The data folder ${home.directory} is in use by ${holder}. Stop that process, or choose another folder with --data.`,
  );
}

function tryCreate(home: DataHome): boolean {
  let file: number;
  try {
    file = openSync(home.lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  writeSync(file, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }));
  closeSync(file);
  return true;
}
