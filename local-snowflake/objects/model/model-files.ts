import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { addToFolder, listFolder } from '../../platform/stage-folder.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { Location } from '../stage-location.ts';
import type { LineageSource, ModelAttributes, ModelMethod, ModelRuntime, ModelVersion } from './model-version.ts';

interface Manifest {
  readonly runtimes?: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly imports?: readonly string[];
        readonly dependencies?: { readonly pip?: unknown; readonly conda?: unknown };
      }
    >
  >;
  readonly methods?: readonly {
    name: string;
    type?: string;
    handler: string;
    inputs?: ModelMethod['inputs'];
    params?: NonNullable<ModelMethod['params']>;
    outputs?: ModelMethod['outputs'];
    volatility?: string;
  }[];
  readonly user_data?: Readonly<Record<string, unknown>>;
  readonly target_platforms?: readonly string[];
  readonly lineage_sources?: readonly LineageSource[];
}

/**
 * Copies a version's files from a stage into the model's own folder and reads what they say of it.
 * @throws SnowflakeError `modelManifest` when MANIFEST.yml is missing or cannot be read, `packagesNotInstalled`, `unsupported` for
 * another Python version of a model that runs in warehouses
 */
export async function importVersion(modelId: string, name: string, source: Location, scope: ObjectScope): Promise<ModelVersion> {
  checkFolderName(name);
  const prefix = source.path === '' || source.path.endsWith('/') ? source.path : `${source.path}/`;
  const files = await listFolder(source.root, prefix);
  const manifestFile = files.find((file) => file.path === `${prefix}MANIFEST.yml`);
  if (manifestFile === undefined)
    throw SnowflakeError.of('modelManifest', { reason: `Unable to read file MANIFEST.yml from ${source.display}` });
  const manifest = await readManifest(manifestFile.absolute);
  const runtime = await runtimeOf(manifest, join(source.root, prefix));
  // The packages of a service are looked for when it is made.
  if (platformsOf(manifest).includes('WAREHOUSE'))
    await scope.effects.python.checkPackages(runtime.packages, runtime.pythonVersion);
  const root = scope.effects.stages.directory(modelId);
  await scope.effects.stages.reuseFolder(join(root, 'versions', name));
  for (const file of files) await addToFolder(root, `versions/${name}/${file.path.slice(prefix.length)}`, file.absolute);
  const folder = join(root, 'versions', name);
  return describeVersion(name, manifest, await specOf(folder), runtime, scope.now);
}

function platformsOf(manifest: Manifest): readonly string[] {
  return manifest.target_platforms ?? ['WAREHOUSE', 'SNOWPARK_CONTAINER_SERVICES'];
}

/** Versions become folders: what could leave the model's is refused. */
function checkFolderName(version: string): void {
  if (version === '.' || version === '..' || /[/\\\0]/u.test(version)) {
    throw SnowflakeError.of('invalidPropertyValue', { property: 'VERSION', value: version });
  }
}

async function runtimeOf(manifest: Manifest, folder: string): Promise<ModelRuntime> {
  const runtime = Object.values(manifest.runtimes ?? {})[0];
  const { pip, conda } = runtime?.dependencies ?? {};
  const requirements = await textOf(folder, pip);
  return {
    pythonVersion: runtime?.version ?? '3.11',
    packages: [
      ...requirements.split('\n').flatMap((line) => line.replace(/#.*/u, '').trim() || []),
      ...condaPackages(await textOf(folder, conda)),
    ],
    imports: (runtime?.imports ?? []).map((path) => path.replace(/\/+$/u, '')).filter((path) => !/^\.\.?$|\//u.test(path)),
  };
}

/** A file of the version, empty when the manifest names none that is there. */
async function textOf(folder: string, path: unknown): Promise<string> {
  const inside = typeof path === 'string' && !path.split('/').includes('..');
  return inside ? readFile(join(folder, path), 'utf8').catch(() => '') : '';
}

/** `dependencies` of a conda.yml, without Python itself and the channels in front of names. */
function condaPackages(yaml: string): string[] {
  const { dependencies = [] } = (parse(yaml) ?? {}) as { dependencies?: readonly unknown[] };
  return dependencies
    .flatMap((each) => (typeof each === 'string' ? each.replace(/^.*::/u, '') : []))
    .filter((each) => !/^python\b(?!-)/u.test(each));
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    const parsed = parse(await readFile(path, 'utf8')) as Manifest | null;
    if (parsed === null || typeof parsed !== 'object') throw new Error('it is no mapping');
    return parsed;
  } catch (error) {
    throw SnowflakeError.of('modelManifest', {
      reason: `MANIFEST.yml cannot be parsed: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

async function specOf(folder: string): Promise<string> {
  for (const path of ['model/model.yaml', 'model.yaml']) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}

function describeVersion(name: string, manifest: Manifest, spec: string, runtime: ModelRuntime, now: number): ModelVersion {
  return {
    name,
    createdOn: now,
    comment: '',
    metadata: '{}',
    alias: null,
    methods: (manifest.methods ?? []).map((method) => ({
      name: method.name,
      type: method.type === 'TABLE_FUNCTION' ? 'TABLE_FUNCTION' : 'FUNCTION',
      handler: method.handler,
      inputs: method.inputs ?? [],
      params: (method.params ?? []).map(({ name: named, type }) => ({ name: named, type })),
      outputs: method.outputs ?? [],
      volatility: method.volatility ?? 'VOLATILE',
    })),
    userData: manifest.user_data ?? {},
    targetPlatforms: platformsOf(manifest),
    runtime,
    spec,
    attributes: attributesOf(spec),
    lineageSources: manifest.lineage_sources ?? [],
  };
}

interface ModelYaml {
  readonly model_type?: unknown;
  readonly task?: unknown;
  readonly env?: { readonly snowpark_ml_version?: unknown };
}

/** model.yaml is the client's own file: what is missing in it, or cannot be read, is unknown, not an error. */
function attributesOf(spec: string): ModelAttributes {
  const told = readModelYaml(spec);
  const text = (value: unknown): string => (typeof value === 'string' ? value : 'UNKNOWN');
  const client = told.env?.snowpark_ml_version;
  return {
    framework: text(told.model_type),
    task: text(told.task),
    client: typeof client === 'string' ? `snowflake-ml-python ${client}` : 'UNKNOWN',
  };
}

function readModelYaml(spec: string): ModelYaml {
  try {
    return (parse(spec) as ModelYaml | null) ?? {};
  } catch {
    return {};
  }
}

export async function removeVersionFiles(modelId: string, version: string, scope: ObjectScope): Promise<void> {
  await scope.effects.stages.retireFolder(join(scope.effects.stages.directory(modelId), 'versions', version), scope);
}
