import { PipelineFailure } from '../failure.ts';
import { parseTaskName, type TaskName } from '../snowflake/task-name.ts';
import { entryFromEnvironment, withEnvironment, type ConnectionEntry } from './connection-entry.ts';
import { connectionFiles, localSnowflakeFolder, readConnection } from './connections-file.ts';
import { findProjectFolder } from './project-folder.ts';
import { readStackOutputs } from './stack-outputs.ts';

export interface TargetOptions {
  readonly stack?: string | undefined;
  readonly root?: string | undefined;
  readonly connection?: string | undefined;
  readonly connectionsFile?: string | undefined;
}

/** Which graph, and how to reach it. */
export interface Target {
  readonly root: TaskName;
  readonly entry: ConnectionEntry;
  /** The stack it came from, when it came from one. */
  readonly stack: string | undefined;
  /** The options that it was found by. */
  readonly given: TargetOptions;
}

type Environment = Readonly<Record<string, string | undefined>>;

const chooseEntry = (
  name: string,
  options: TargetOptions,
  projectFolder: string | undefined,
  environment: Environment,
): ConnectionEntry => {
  if (options.connectionsFile !== undefined) {
    return withEnvironment(readConnection(name, [options.connectionsFile]), environment);
  }
  try {
    const entry = readConnection(name, connectionFiles(projectFolder, environment));
    // The local Snowflake's own entry is complete. Variables that are set for an account must not send its password there.
    const own = projectFolder !== undefined && entry.source.startsWith(localSnowflakeFolder(projectFolder));
    return own ? entry : withEnvironment(entry, environment);
  } catch (error) {
    // In CI there is often no file, only variables.
    const entry = name === 'local' ? undefined : entryFromEnvironment(environment, name);
    if (entry !== undefined) return entry;
    throw error;
  }
};

/** Finds the graph and its connection: `--root` and `--connection`, else what the stack's outputs say. */
export const resolveTarget = async (options: TargetOptions, folder: string, environment: Environment): Promise<Target> => {
  const projectFolder = findProjectFolder(folder);
  const defaultConnection = environment['SNOWFLAKE_DEFAULT_CONNECTION_NAME'] || 'default';
  if (options.root !== undefined) {
    const root = parseTaskName(options.root);
    const name = options.connection ?? (options.stack === undefined ? defaultConnection : options.stack);
    return { root, entry: chooseEntry(name, options, projectFolder, environment), stack: options.stack, given: options };
  }
  const stack = options.stack ?? (environment['PULUMI_STACK'] || 'local');
  if (projectFolder === undefined) {
    throw new PipelineFailure(`There is no Pulumi.yaml in ${folder} or above it, so stack "${stack}" is not known here.`, {
      wayOut: 'Run the command inside the project, or name the graph: --root DB.SCHEMA.TASK --connection NAME.',
    });
  }
  const outputs = await readStackOutputs(stack, projectFolder);
  const name = options.connection ?? outputs.connection ?? stack;
  return {
    root: parseTaskName(outputs.rootTask),
    entry: chooseEntry(name, options, projectFolder, environment),
    stack,
    given: options,
  };
};
