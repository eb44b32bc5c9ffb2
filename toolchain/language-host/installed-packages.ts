import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { z } from 'zod';

const manifest = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  pulumi: z.object({ resource: z.boolean(), name: z.string(), version: z.string(), server: z.string() }).partial().optional(),
});

type Manifest = z.infer<typeof manifest>;

export type ResourcePlugin = { name: string; version: string; server: string };

export type InstalledPackage = {
  name: string;
  version: string;
  /** The plugin that serves the package's resources, when it has any. */
  resourcePlugin: ResourcePlugin | undefined;
};

/** The npm packages at the top of the nearest `node_modules`, from the program's folder upwards. */
export function installedPackages(programDirectory: string): InstalledPackage[] {
  const modules = nearest('node_modules', programDirectory);
  if (modules === undefined) return [];
  return packageFolders(modules)
    .flatMap((folder) => readPackage(folder) ?? [])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The packages a program depends on: the ones its package.json names, or everything that is installed. */
export function programDependencies(programDirectory: string, { transitive }: { transitive: boolean }): InstalledPackage[] {
  const installed = installedPackages(programDirectory);
  if (transitive) return installed;
  const file = nearest('package.json', programDirectory);
  const named = file === undefined ? {} : (manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).dependencies ?? {});
  return installed.filter(({ name }) => name in named);
}

function nearest(entry: string, directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, entry);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
  }
}

function packageFolders(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner)) : join(modules, name),
    );
}

function readPackage(folder: string): InstalledPackage | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { success, data } = manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!success || data.name === undefined) return undefined;
  const { name, version = '', pulumi } = data;
  return { name, version, resourcePlugin: pulumi?.resource === true ? resourcePlugin(name, version, pulumi) : undefined };
}

function resourcePlugin(name: string, version: string, pulumi: NonNullable<Manifest['pulumi']>): ResourcePlugin {
  return {
    // @pulumi/snowflake is served by the plugin "snowflake"; other scopes keep theirs.
    name: pulumi.name ?? name.replace(/^@pulumi\//u, '').replace(/^@/u, ''),
    version: pulumi.version ?? version,
    server: pulumi.server ?? '',
  };
}
