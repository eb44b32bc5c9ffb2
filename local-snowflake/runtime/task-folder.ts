import { mkdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { ImportedFile } from './python-code.ts';
import type { WorkerHost } from './worker-host.ts';

/** A task's own place on disk: its working folder, which is also its HOME and TMPDIR, and the folder of its imports. */
export interface TaskFolder {
  readonly path: string;
  /** How the worker makes itself at home; the part of every task's first frame. */
  readonly setting: TaskSetting;
  remove(): Promise<void>;
}

export interface TaskSetting {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Put in front of sys.path. */
  readonly path: readonly string[];
  readonly imports: string;
}

/**
 * @throws SnowflakeError `fileNotFound` for an import that is not there, `duplicateImport` for two of one name
 */
export async function makeTaskFolder(host: WorkerHost, files: readonly ImportedFile[]): Promise<TaskFolder> {
  const root = await host.makeFolder();
  const remove = async (): Promise<void> => {
    // A process that is just being killed may still write.
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const path = join(root, 'home');
    const imports = join(root, 'imports');
    await Promise.all([mkdir(path), mkdir(imports)]);
    for (const file of files) await link(file, imports);
    return {
      path,
      setting: { folder: path, environment: host.environment(path), path: [imports, ...archives(files, imports)], imports },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function link(file: ImportedFile, imports: string): Promise<void> {
  try {
    await stat(file.path);
  } catch {
    throw SnowflakeError.of('fileNotFound', { path: file.name });
  }
  try {
    await symlink(file.path, join(imports, file.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // https://docs.snowflake.com/en/sql-reference/sql/create-function: each file must have its own name.
    throw SnowflakeError.of('invalidPropertyValue', { property: 'IMPORTS', value: `two files named ${file.name}` });
  }
}

/** Zip files are importable themselves; what else comes lies in the import directory. */
function archives(files: readonly ImportedFile[], imports: string): string[] {
  return files.filter((file) => /\.(?:zip|whl|egg)$/iu.test(file.name)).map((file) => join(imports, file.name));
}
