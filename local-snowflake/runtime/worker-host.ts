import { mkdir, rm } from 'node:fs/promises';
import { type Server, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { type Deferred, deferred } from './deferred.ts';
import { type ForkRequest, ForkServer } from './fork-server.ts';
import { makeHostFolder } from './host-folder.ts';
import { pythonUnavailable } from './worker-failure.ts';
import { type PythonEnvironment, workerEnvironment } from './python-environment.ts';
import { WorkerConnection } from './worker-connection.ts';
import { type TaskEvents, WorkerTask } from './worker-task.ts';

export interface WorkerHostOptions {
  readonly python: PythonEnvironment;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** The fork server, with all it has imported, is stopped when no task has run for this long. Milliseconds. */
  readonly idleMilliseconds?: number;
}

export interface TaskRequest extends TaskEvents {
  readonly modules: readonly string[];
  readonly output: ForkRequest['output'];
}

const defaultIdleMilliseconds = 120_000;

interface Expected {
  readonly events: TaskEvents;
  readonly forkServer: ForkServer;
  readonly task: Deferred<WorkerTask>;
  readonly worker: Deferred<WorkerConnection | undefined>;
}

/**
 * Starts Python worker processes. The fork server behind it is started with the first task and stopped when it idles;
 * workers call in on a socket in a folder that only this user can enter, and are known by a random token.
 */
export class WorkerHost {
  readonly #options: WorkerHostOptions;
  readonly #expected = new Map<string, Expected>();
  /** Tokens of `#expected` whose supervisor has called in. */
  readonly #started = new Set<string>();
  readonly #connections = new Set<Socket>();
  #folder: string | undefined;
  #server: Server | undefined;
  #forkServer: ForkServer | undefined;
  #opening: Promise<string> | undefined;
  #running = 0;
  #cancelIdle: (() => void) | undefined;
  #closed = false;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  /** Process id of the fork server while it runs; for tests and for `status`. */
  get forkServerProcessId(): number | undefined {
    return this.#forkServer?.processId;
  }

  /** A fresh folder for a task; the caller removes it when the task has ended. */
  async makeFolder(): Promise<string> {
    const folder = join(await this.#open(), this.#options.ids.uuid());
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  /** @throws SnowflakeError `pythonUnavailable` when there is no interpreter */
  environment(folder: string): Record<string, string> {
    try {
      return workerEnvironment(this.#options.python, folder);
    } catch (error) {
      throw pythonUnavailable(error);
    }
  }

  /** @throws SnowflakeError `pythonUnavailable` when Python cannot be started */
  async start(request: TaskRequest): Promise<WorkerTask> {
    await this.#open();
    this.#cancelIdle?.();
    this.#running += 1;
    try {
      const task = await this.#fork(request);
      void task.ended.then(() => {
        this.#leave();
      });
      return task;
    } catch (error) {
      this.#leave();
      throw pythonUnavailable(error);
    }
  }

  /** Starts the fork server with modules that tasks will soon need, for as long as it may idle. */
  async preload(modules: readonly string[]): Promise<void> {
    await this.#open();
    if (this.#closed) return;
    this.#ensureForkServer().preload(modules);
    if (this.#running === 0) this.#idle();
  }

  /** Ends every worker and the fork server. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelIdle?.();
    this.#forkServer?.stop();
    for (const socket of this.#connections) socket.destroy();
    await new Promise<void>((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #fork(request: TaskRequest): Promise<WorkerTask> {
    const token = this.#options.ids.bytes(24).toString('hex');
    const forkServer = this.#ensureForkServer();
    const expected: Expected = { events: request, forkServer, task: deferred(), worker: deferred() };
    this.#expected.set(token, expected);
    forkServer.fork({ token, modules: request.modules, output: request.output });
    return expected.task.promise;
  }

  #leave(): void {
    this.#running -= 1;
    if (this.#running === 0 && !this.#closed) this.#idle();
  }

  #idle(): void {
    this.#cancelIdle?.();
    const { clock, idleMilliseconds = defaultIdleMilliseconds } = this.#options;
    this.#cancelIdle = clock.at(clock.now() + idleMilliseconds, () => {
      this.#forkServer?.stop();
      this.#forkServer = undefined;
    });
  }

  #open(): Promise<string> {
    if (this.#closed) return Promise.reject(new Error('the Python runtime is closed'));
    this.#opening ??= this.#listen();
    return this.#opening;
  }

  async #listen(): Promise<string> {
    const folder = await makeHostFolder();
    this.#folder = folder;
    const server = createServer((socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
      void this.#welcome(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(join(folder, 'socket'), resolve);
    });
    server.unref();
    return folder;
  }

  #ensureForkServer(): ForkServer {
    if (this.#forkServer !== undefined) return this.#forkServer;
    const { python, logger } = this.#options;
    const folder = this.#folder as string;
    const forkServer = new ForkServer(python, folder, join(folder, 'socket'), logger, {
      onFailed: (token, reason) => {
        this.#fail(token, `a process could not be forked: ${reason}`);
      },
      onExit: (reason) => {
        if (this.#forkServer === forkServer) this.#forkServer = undefined;
        // Tasks whose supervisor has called in go on without the fork server.
        for (const [token, expected] of [...this.#expected]) {
          if (expected.forkServer === forkServer && !this.#started.has(token)) this.#fail(token, reason);
        }
      },
    });
    this.#forkServer = forkServer;
    return forkServer;
  }

  #fail(token: string, reason: string): void {
    const expected = this.#expected.get(token);
    this.#expected.delete(token);
    expected?.task.reject(new Error(reason));
    expected?.worker.resolve(undefined);
  }

  async #welcome(socket: Socket): Promise<void> {
    const connection = new WorkerConnection(socket);
    const header = (await connection.next())?.header;
    const token = header?.['token'];
    const expected = typeof token === 'string' ? this.#expected.get(token) : undefined;
    if (expected === undefined) {
      connection.close();
      return;
    }
    if (header?.['role'] === 'worker') {
      expected.worker.resolve(connection);
      return;
    }
    const task = new WorkerTask(connection, expected.worker.promise, expected.events);
    void task.ended.then(() => {
      this.#expected.delete(token as string);
      this.#started.delete(token as string);
      expected.worker.resolve(undefined);
    });
    this.#started.add(token as string);
    expected.task.resolve(task);
  }
}
