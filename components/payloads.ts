import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { z } from 'zod';

const procedure = z.object({
  handler: z.string().regex(/^\w+\.\w+$/u),
  /** Files that the handler needs, below the payload folder. */
  imports: z.array(z.string()).min(1),
  packages: z.array(z.string()).min(1),
  executeAs: z.enum(['CALLER', 'OWNER']),
  /** The training job that it submits. */
  job: z.string().optional(),
});

const manifestSchema = z.object({
  runtimeVersion: z.string().regex(/^3\.\d+$/u),
  procedures: z.record(z.string(), procedure),
  jobs: z.record(z.string(), z.object({ source: z.string(), entryPoint: z.string(), files: z.array(z.string()) })),
});

/** A file to be staged. */
export interface PayloadFile {
  /** Below the payload folder, and below the stage. @example 'src/mortgage_train_model.py' */
  readonly path: string;
  /** Relative to the project. @example 'payloads/src/mortgage_train_model.py' */
  readonly source: string;
  /** SHA-256, hexadecimal. */
  readonly contentHash: string;
}

/** A procedure that the payloads offer. */
export interface PayloadProcedure {
  readonly name: string;
  /** @example 'mortgage_train_model.handler' */
  readonly handler: string;
  readonly imports: readonly PayloadFile[];
  /** With their versions. @example ['snowflake-ml-python==2.6.0'] */
  readonly packages: readonly string[];
  /** Version of snowflake-snowpark-python, which every procedure needs. */
  readonly snowparkVersion: string;
  readonly executeAs: 'CALLER' | 'OWNER';
  /** Says which code it runs, the code of its job included: it changes if and only if that code does. */
  readonly codeHash: string;
}

export interface Payloads {
  readonly runtimeVersion: string;
  readonly files: readonly PayloadFile[];
  readonly procedures: readonly PayloadProcedure[];
}

export class PayloadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PayloadError';
  }
}

const snowpark = 'snowflake-snowpark-python';

/**
 * Reads what the payload folder offers: `manifest.json`, the files below the sources of its jobs and procedures, and the
 * versions of its packages from `requirements.lock` (or from `versions`, where an account has others).
 *
 * @example loadPayloads('payloads', { 'snowflake-snowpark-python': '1.40.0' })
 */
export function loadPayloads(folder: string, versions: Readonly<Record<string, string>> = {}): Payloads {
  const manifest = readManifest(join(folder, 'manifest.json'));
  const locked = { ...readLock(join(folder, 'requirements.lock')), ...versions };
  const files = readFiles(folder, manifest);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const find = (owner: string, path: string): PayloadFile => {
    const file = byPath.get(path);
    if (file === undefined)
      throw new PayloadError(`${join(folder, 'manifest.json')}: ${owner} needs ${path}, which does not exist.`);
    return file;
  };
  const pinned = (owner: string, name: string): string => {
    const version = locked[name];
    if (version === undefined) {
      throw new PayloadError(
        `${owner} needs the package ${name}, whose version is neither in ${join(folder, 'requirements.lock')} nor in packageVersions.`,
      );
    }
    return version;
  };
  return {
    runtimeVersion: manifest.runtimeVersion,
    files,
    procedures: Object.entries(manifest.procedures).map(([name, entry]): PayloadProcedure => {
      const imports = entry.imports.map((path) => find(name, path));
      const job = entry.job === undefined ? undefined : manifest.jobs[entry.job];
      if (entry.job !== undefined && job === undefined) {
        throw new PayloadError(`${join(folder, 'manifest.json')}: ${name} submits the job ${entry.job}, which is not in jobs.`);
      }
      const uniqueNames = new Set(imports.map((file) => basename(file.path)));
      if (uniqueNames.size !== imports.length) throw new PayloadError(`${name} imports two files of the same name.`);
      return {
        name,
        handler: entry.handler,
        imports,
        packages: entry.packages.filter((each) => each !== snowpark).map((each) => `${each}==${pinned(name, each)}`),
        snowparkVersion: pinned(name, snowpark),
        executeAs: entry.executeAs,
        codeHash: hashOf([...imports, ...(job?.files ?? []).map((path) => find(entry.job ?? '', path))]),
      };
    }),
  };
}

function readManifest(path: string): z.output<typeof manifestSchema> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new PayloadError(`${path} cannot be read; it is written by: python -m mortgage_pipeline manifest > ${path}`);
  }
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new PayloadError(`${path} is not a payload manifest: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** The Python files of every source folder: code only, no tests, no caches. */
function readFiles(folder: string, manifest: z.output<typeof manifestSchema>): readonly PayloadFile[] {
  const named = Object.values(manifest.procedures).flatMap(({ imports }) => imports);
  const sources = new Set(Object.values(manifest.jobs).map(({ source }) => source));
  const found = [...sources].flatMap((source) =>
    readdirSync(join(folder, source), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.py'))
      .map((path) => join(source, path).replaceAll('\\', '/')),
  );
  const paths = [...new Set([...named, ...found])].toSorted();
  return paths.flatMap((path) => {
    const source = join(folder, path);
    if (/(?:^|\/)(?:__pycache__|tests?)\//u.test(path) || !existsSync(source)) return [];
    return [{ path, source, contentHash: createHash('sha256').update(readFileSync(source)).digest('hex') }];
  });
}

function readLock(path: string): Readonly<Record<string, string>> {
  if (!existsSync(path)) return {};
  const pins = readFileSync(path, 'utf8').matchAll(/^([A-Za-z0-9._-]+)==([^\s;#]+)/gmu);
  return Object.fromEntries([...pins].map(([, name = '', version = '']) => [name.toLowerCase(), version]));
}

function hashOf(files: readonly PayloadFile[]): string {
  const lines = [...new Set(files.map((file) => `${file.path} ${file.contentHash}`))].toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
}
