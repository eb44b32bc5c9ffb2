import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RawClient } from './http-client.ts';

const bin = fileURLToPath(new URL('../../local-snowflake/bin/local-snowflake.mjs', import.meta.url));
const user = 'LOCAL_ADMIN';
const password = 'on a small disk';
const mountPoint = '/mnt';

/** In a user and mount namespace of its own, where nobody needs to be root: a disk in memory, and a server on it for each line. */
const script = `mount -t tmpfs -o size=$1 tmpfs ${mountPoint} && while read line; do "$2" "$3" start --foreground --port 0 --data ${mountPoint} --json; echo ended; done`;

/** A server whose data folder is a disk of a few megabytes. Only where Linux lets users have namespaces. */
export class SmallDisk {
  readonly #shell: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #pid = 0;
  #client: RawClient | undefined;

  static readonly available = canMount();

  /** `size` as mount takes it: `24m`. */
  constructor(size: string) {
    this.#shell = spawn('unshare', ['-rm', 'sh', '-c', script, 'sh', size, process.execPath, bin], {
      env: { ...process.env, LOCAL_SNOWFLAKE_PASSWORD: password },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    if (this.#shell.stdout === null) throw new Error('The shell has no output.');
    this.#lines = createInterface(this.#shell.stdout)[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#pid;
  }

  get client(): RawClient {
    if (this.#client === undefined) throw new Error('The server has not been started.');
    return this.#client;
  }

  async start(): Promise<void> {
    this.#shell.stdin?.write('\n');
    const text = await this.#until('}');
    const { origin, pid } = JSON.parse(text) as { readonly origin: string; readonly pid: number };
    this.#pid = pid;
    this.#client = new RawClient(origin);
    await this.#client.login(user, password);
  }

  async kill(): Promise<void> {
    process.kill(this.#pid, 'SIGKILL');
    await this.#until('ended');
  }

  async query(sql: string): Promise<(string | null)[][]> {
    const answer = await this.client.query(sql);
    if (!answer.success) throw new Error(String(answer.message));
    return answer.data['rowset'] as (string | null)[][];
  }

  /** Writes a file of `bytes`, or until there is no room for another byte. */
  fill(bytes?: number): void {
    const file = openSync(this.#ballast, 'w');
    try {
      if (bytes !== undefined) writeSync(file, Buffer.alloc(bytes));
      else for (let size = 1 << 20; size > 0; size >>= 1) writeUntilFull(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast);
  }

  /** Ends the server and with it the disk. */
  remove(): void {
    this.#shell.stdin?.end();
    if (this.#pid !== 0) process.kill(this.#pid, 'SIGKILL');
  }

  /** The disk as this process sees it. */
  get #ballast(): string {
    return join(`/proc/${String(this.#pid)}/root${mountPoint}`, 'ballast');
  }

  /** What is printed up to and with the line `last`. */
  async #until(last: string): Promise<string> {
    let text = '';
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done === true) throw new Error(`The shell ended: ${text}`);
      text += `${value}\n`;
      if (value === last) return text;
    }
  }
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    while (writeSync(file, bytes) === bytes.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', mountPoint], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
