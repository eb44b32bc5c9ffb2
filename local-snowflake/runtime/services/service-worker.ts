import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceOrder, ServiceProgram } from '../../objects/service/service-definition.ts';
import { connectionVariables } from '../jobs/connection-variables.ts';
import type { JobAccess } from '../jobs/job-ports.ts';
import { logLimit } from '../jobs/job-log.ts';
import { preloadedModules } from '../preloaded-modules.ts';
import { type TaskFolder, makeTaskFolder } from '../task-folder.ts';
import type { WorkerHost } from '../worker-host.ts';
import type { TaskEnd, WorkerTask } from '../worker-task.ts';

/** A process of an instance of a service. */
export class ServiceWorker {
  readonly #task: WorkerTask;
  readonly ended: Promise<TaskEnd>;
  /** Requests that it works on. */
  active = 0;
  /** Where it listens; 0 for a command, which listens where its endpoints say. */
  port = 0;

  private constructor(task: WorkerTask, folder: TaskFolder) {
    this.#task = task;
    this.ended = task.ended.then(async (end) => {
      await folder.remove();
      return end;
    });
  }

  /** @param versionFolder files of the model's version; left out for a command */
  static async start(
    host: WorkerHost,
    order: ServiceOrder,
    log: string,
    access: JobAccess,
    versionFolder: string | undefined,
  ): Promise<ServiceWorker> {
    const { program } = order.definition;
    const folder = await makeTaskFolder(host, []);
    try {
      const tokenFile = join(folder.path, '.snowflake-session-token');
      await writeFile(tokenFile, access.token, { mode: 0o600 });
      const task = await host.start({ modules: modulesOf(program), output: { path: log, limit: logLimit } });
      const environment = {
        ...folder.setting.environment,
        ...(program.kind === 'command' ? program.environment : {}),
        ...connectionVariables({ ...order, warehouse: order.settings.warehouse }, access, tokenFile),
      };
      const setting = { folder: folder.path, environment, path: [] };
      const worker = new ServiceWorker(task, folder);
      if (program.kind === 'command') {
        await task.send({ kind: 'job', setting, instance: { role: 'command', command: program.command } });
      } else {
        const { title: model, methods, modelFolder } = program;
        await task.send({
          kind: 'inference',
          setting,
          service: { model, methods, folder: join(versionFolder ?? '', modelFolder) },
        });
      }
      return worker;
    } catch (error) {
      await folder.remove();
      throw error;
    }
  }

  /** Resolves when a model's process listens. @throws Error saying why it never will */
  async listening(): Promise<void> {
    const header = (await this.#task.receive())?.header;
    const port = header?.['port'];
    if (typeof port === 'number') this.port = port;
    else throw new Error(typeof header?.['error'] === 'string' ? header['error'] : 'the process ended before it listened');
  }

  kill(): void {
    this.#task.kill();
  }
}

function modulesOf(program: ServiceProgram): string[] {
  return program.kind === 'command' ? [] : preloadedModules(['snowflake-ml-python', 'xgboost', ...program.packages]);
}
