import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import snowflake, { type Connection } from 'snowflake-sdk';
import { runCommand } from './run-command.ts';

const command = 'node_modules/.bin/local-snowflake';

// Without this the driver writes snowflake.log into the working directory.
snowflake.configure({ logLevel: 'OFF', additionalLogToConsole: false });

export type Row = Readonly<Record<string, unknown>>;

/** The built server in a process of its own, and a driver's session as its administrator. */
export interface MeasuredServer {
  readonly pid: number;
  /** What clients log in with: `host`, `port`, `account`, `accountName`, `user`, `password`, … */
  readonly credentials: Readonly<Record<string, string | number>>;
  run(statement: string): Promise<readonly Row[]>;
}

/** Starts a server that keeps its data in a folder, the given one or a new one that is removed at the end. */
export async function withServer<T>(use: (server: MeasuredServer) => Promise<T>, data?: string): Promise<T> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'bench-')));
  await runCommand(command, ['start', '--data', folder, '--port', '0']);
  let pid = 0;
  try {
    const ask = async <Answer>(what: string): Promise<Answer> =>
      JSON.parse((await runCommand(command, [what, '--data', folder, '--json'])).stdout) as Answer;
    ({ pid } = await ask<{ readonly pid: number }>('status'));
    const credentials = await ask<Readonly<Record<string, string | number>>>('credentials');
    const connection = await connected(credentials);
    try {
      return await use({ pid, credentials, run: (statement) => executed(connection, statement) });
    } finally {
      await new Promise((resolve) => connection.destroy(resolve));
    }
  } finally {
    await runCommand(command, ['stop', '--data', folder]);
    if (pid !== 0) await ended(pid);
    if (data === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** The process lets go of its files last of all. */
async function ended(pid: number): Promise<void> {
  const alive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (alive()) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function connected({ host, port, account, user, password }: MeasuredServer['credentials']): Promise<Connection> {
  const connection = snowflake.createConnection({
    account: String(account),
    username: String(user),
    password: String(password),
    accessUrl: `http://${String(host)}:${String(port)}`,
  });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
  return connection;
}

function executed(connection: Connection, sqlText: string): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    connection.execute({
      sqlText,
      complete: (error, _statement, rows) =>
        error === undefined || error === null ? resolve((rows ?? []) as Row[]) : reject(error),
    });
  });
}
