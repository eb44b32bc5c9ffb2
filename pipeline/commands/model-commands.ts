import { exitCode, type ExitCode } from '../exit-code.ts';
import { versionToPromote, versionToRollBackTo } from '../run/choose-version.ts';
import { modelOf } from '../run/graph-model.ts';
import { type ModelVersion, readModelVersions, setDefaultVersion } from '../snowflake/model-versions.ts';
import { displayTaskName } from '../snowflake/task-name.ts';
import { withGraph, type CommonOptions } from './graph-session.ts';

export interface ModelOptions extends CommonOptions {
  /** Instead of the one in the graph's configuration. */
  readonly model?: string | undefined;
}

export interface PromoteOptions extends ModelOptions {
  readonly version?: string | undefined;
}

const switchTo = (options: ModelOptions, choose: (versions: readonly ModelVersion[]) => ModelVersion): Promise<ExitCode> =>
  withGraph(options, async ({ client, graph, output }) => {
    const model = modelOf(graph, options.model);
    const versions = await readModelVersions(client, model);
    const before = versions.find(({ isDefault }) => isDefault)?.name ?? null;
    const wanted = choose(versions).name;
    if (wanted !== before) await setDefaultVersion(client, model, wanted);
    // What the account says now, not what was asked of it.
    const after = (await readModelVersions(client, model)).find(({ isDefault }) => isDefault)?.name ?? null;
    const name = displayTaskName(model);
    if (output.json) {
      const known = versions.map((version) => ({ version: version.name, createdAt: new Date(version.createdAt).toISOString() }));
      output.print(JSON.stringify({ event: 'model', model: name, before, after, versions: known }));
    } else if (before === after) output.print(`${name}: the default is ${after ?? 'none'} already; nothing was changed.`);
    else output.print(`${output.colours.bold(name)}: the default was ${before ?? 'none'}, now it is ${after ?? 'none'}.`);
    return exitCode.succeeded;
  });

/** Makes a version of the model its default: the one named, or the newest. */
export const promoteCommand = (options: PromoteOptions): Promise<ExitCode> =>
  switchTo(options, (versions) => versionToPromote(versions, options.version));

/** Makes the version before the default one the default. */
export const rollbackCommand = (options: ModelOptions): Promise<ExitCode> => switchTo(options, versionToRollBackTo);
