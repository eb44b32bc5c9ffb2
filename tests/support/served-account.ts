import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RawClient } from './http-client.ts';

const bin = fileURLToPath(new URL('../../local-snowflake/bin/local-snowflake.mjs', import.meta.url));

export interface ServedCredentials {
  readonly account: string;
  readonly user: string;
  readonly password: string;
  readonly port: number;
}

/** A server in a process of its own, on a folder of its own, started by the command as users start it; `bundle` comes first. */
export class ServedAccount {
  readonly folder = mkdtempSync(join(tmpdir(), 'served-account-'));
  #pid = 0;
  #client: RawClient | undefined;
  #credentials: ServedCredentials | undefined;

  /** Process id of the server. */
  get pid(): number {
    return this.#pid;
  }

  get client(): RawClient {
    if (this.#client === undefined) throw new Error('The server has not been started.');
    return this.#client;
  }

  get credentials(): ServedCredentials {
    if (this.#credentials === undefined) throw new Error('The server has not been started.');
    return this.#credentials;
  }

  /** The commands' JSON answers. */
  async command(...words: readonly string[]): Promise<Record<string, unknown>> {
    const { stdout } = await promisify(execFile)(process.execPath, [bin, ...words, '--data', this.folder, '--json']);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Starts the server, on the same port each time, and logs in. */
  async start(): Promise<void> {
    const started = await this.command('start');
    this.#pid = Number(started['pid']);
    if (this.#credentials === undefined) {
      const { accountName, user, password, port } = await this.command('credentials');
      this.#credentials = { account: String(accountName), user: String(user), password: String(password), port: Number(port) };
    }
    this.#client = new RawClient(String(started['origin']));
    await this.#client.login(this.#credentials.user, this.#credentials.password);
  }

  /** Begins to start the server; it is for the caller to end what comes of it. */
  starting(): ChildProcess {
    return execFile(process.execPath, [bin, 'start', '--data', this.folder, '--json']);
  }

  async query(sql: string): Promise<(string | null)[][]> {
    const answer = await this.client.query(sql);
    if (!answer.success) throw new Error(`${sql}: ${String(answer.message)}`);
    return answer.data['rowset'] as (string | null)[][];
  }

  /** The end of the server's log. */
  log(): string {
    return readFileSync(join(this.folder, 'server.log'), 'utf8').slice(-4000);
  }

  /** Stops the server and removes its folder. */
  async remove(): Promise<void> {
    await this.command('stop');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
