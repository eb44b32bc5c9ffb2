import { SnowflakeError } from '../errors/snowflake-error.ts';
import { type PackageVersion, compareVersions, parseVersion } from './package-version.ts';

/** One entry of PACKAGES: a name and the versions it takes. */
export interface PackageRequirement {
  /** Normalised: lower case, `-` for `_` and `.`. */
  readonly name: string;
  readonly clauses: readonly VersionClause[];
  readonly text: string;
}

interface VersionClause {
  readonly operator: '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=';
  readonly version: PackageVersion;
  /** `==2.3.*` */
  readonly prefix: boolean;
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalizePackageName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/gu, '-');
}

/** The package an entry is about, whatever its versions. */
export function requirementName(entry: string): string {
  return normalizePackageName(/^\s*[\w.-]+/u.exec(entry)?.[0].trim() ?? entry.trim());
}

/**
 * `name`, `name==1.2`, `name>=1.2,<2`. A single `=` is taken as `==`, as Anaconda writes it.
 * https://docs.snowflake.com/en/sql-reference/sql/create-procedure
 * @throws SnowflakeError `invalidPropertyValue`
 */
export function parseRequirement(entry: string): PackageRequirement {
  const match = /^\s*(?<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?<clauses>.*)$/u.exec(entry);
  const refuse = (): SnowflakeError => SnowflakeError.of('invalidPropertyValue', { property: 'PACKAGES', value: entry });
  if (match?.groups === undefined) throw refuse();
  const { name = '', clauses = '' } = match.groups;
  return {
    name: normalizePackageName(name),
    text: entry.trim(),
    clauses: clauses
      .split(',')
      .map((clause) => clause.trim())
      .filter((clause) => clause !== '')
      .map((clause) => {
        const parsed = /^(?<operator>==|!=|<=|>=|~=|<|>|=)\s*(?<version>[\w.!+-]+?)(?<prefix>\.\*)?$/u.exec(clause)?.groups;
        const version = parseVersion(parsed?.['version'] ?? '');
        if (parsed === undefined || version === undefined) throw refuse();
        const operator = parsed['operator'] === '=' ? '==' : (parsed['operator'] as VersionClause['operator']);
        const prefix = parsed['prefix'] !== undefined;
        if (prefix && operator !== '==' && operator !== '!=') throw refuse();
        return { operator, version, prefix };
      }),
  };
}

export function satisfies(installed: string, requirement: PackageRequirement): boolean {
  const version = parseVersion(installed);
  return version !== undefined && requirement.clauses.every((clause) => holds(version, clause));
}

function holds(installed: PackageVersion, { operator, version, prefix }: VersionClause): boolean {
  const order = compareVersions(installed, version);
  const same = prefix ? startsWith(installed, version.release) : order === 0;
  switch (operator) {
    case '==':
      return same;
    case '!=':
      return !same;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '~=':
      return order >= 0 && startsWith(installed, version.release.slice(0, -1));
  }
}

function startsWith(version: PackageVersion, release: readonly number[]): boolean {
  return release.every((part, index) => part === (version.release[index] ?? 0));
}
