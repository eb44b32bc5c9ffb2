import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { normalizePackageName, parseRequirement, satisfies } from './package-requirement.ts';
import { type PythonEnvironment, workerEnvironment } from './python-environment.ts';
import { pythonUnavailable } from './worker-failure.ts';

/** A package of the Python environment, as INFORMATION_SCHEMA.PACKAGES lists it. */
export interface InstalledPackage {
  /** Lower case, as Snowflake lists packages. */
  readonly name: string;
  readonly version: string;
}

const listing = `
import importlib.metadata, json, sys
found = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions() if d.metadata["Name"]}
print(json.dumps({"python": "%d.%d" % sys.version_info[:2], "packages": found}))
`;

/** What the workers' Python has installed. Read once, when first asked for. */
export class PackageList {
  readonly #python: PythonEnvironment;
  #read: Promise<{ python: string; packages: readonly InstalledPackage[] }> | undefined;

  constructor(python: PythonEnvironment) {
    this.#python = python;
  }

  /** Sorted by name. */
  async packages(): Promise<readonly InstalledPackage[]> {
    return (await this.#load()).packages;
  }

  /** `3.11` */
  async pythonVersion(): Promise<string> {
    return (await this.#load()).python;
  }

  /**
   * Checks RUNTIME_VERSION and PACKAGES of a function or procedure.
   * @throws SnowflakeError `invalidPropertyValue`, `packagesNotInstalled`, `unsupported` for another Python version
   */
  async check(packages: readonly string[], runtimeVersion: string): Promise<void> {
    const { python, packages: installed } = await this.#load();
    if (!/^3\.\d+$/u.test(runtimeVersion)) {
      throw SnowflakeError.of('invalidPropertyValue', { property: 'RUNTIME_VERSION', value: runtimeVersion });
    }
    if (runtimeVersion !== python) {
      throw SnowflakeError.of('unsupported', { feature: `Python ${runtimeVersion} (the installed runtime is ${python})` });
    }
    const versions = new Map(installed.map((each) => [normalizePackageName(each.name), each.version]));
    const missing = packages.map(parseRequirement).flatMap((requirement) => {
      const version = versions.get(requirement.name);
      if (version === undefined) return [`${requirement.text} (not installed)`];
      return satisfies(version, requirement) ? [] : [`${requirement.text} (installed: ${version})`];
    });
    if (missing.length > 0) throw SnowflakeError.of('packagesNotInstalled', { packages: missing.join(', ') });
  }

  async #load(): Promise<{ python: string; packages: readonly InstalledPackage[] }> {
    this.#read ??= this.#list();
    try {
      return await this.#read;
    } catch (error) {
      // The next statement tries again: set-up may have mended the environment.
      this.#read = undefined;
      throw pythonUnavailable(error);
    }
  }

  async #list(): Promise<{ python: string; packages: readonly InstalledPackage[] }> {
    const { stdout } = await promisify(execFile)(this.#python.executable, ['-I', '-c', listing], {
      env: workerEnvironment(this.#python, '/'),
      maxBuffer: 16 * 1024 * 1024,
    });
    const found = JSON.parse(stdout) as { python: string; packages: Record<string, string> };
    const packages = Object.entries(found.packages)
      .map(([name, version]) => ({ name: name.toLowerCase(), version }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return { python: found.python, packages };
  }
}
