import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { packageFile } from '../platform/package-file.ts';

/** Where the Python workers' interpreter is, with everything the payloads need installed beside it. */
export interface PythonEnvironment {
  /** Absolute path of a Python 3.11 executable. */
  readonly executable: string;
}

/**
 * The configured interpreter, else the one that set-up puts into the project's cache.
 * @throws Error that says how to get one, when there is none.
 */
export function findPython(configured: string | undefined): PythonEnvironment {
  const executable = configured ?? packageFile('../.cache/venv/bin/python');
  if (!existsSync(executable)) {
    throw new Error(
      `No Python environment at ${executable}. Run "make setup", or set LOCAL_SNOWFLAKE_PYTHON to a Python 3.11 that has the packages of payloads/requirements.lock.`,
    );
  }
  return { executable };
}

/**
 * The environment variables that every worker starts with: nothing of the server's own environment but where programs are.
 * @param home the worker's own folder
 */
export function workerEnvironment(python: PythonEnvironment, home: string): Record<string, string> {
  return {
    PATH: `${dirname(python.executable)}:${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`,
    HOME: home,
    TMPDIR: home,
    // Clients look for connection files there: the worker has none but what it is given.
    SNOWFLAKE_HOME: home,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    // Workers share the machine with the server and one another: threads of numeric libraries that wait must not spin meanwhile.
    OMP_WAIT_POLICY: 'PASSIVE',
  };
}
