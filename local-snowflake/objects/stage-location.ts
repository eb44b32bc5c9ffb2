import { join, posix } from 'node:path';
import type { CatalogObject } from '../catalog/catalog-object.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayIdentifier, displayName, type ObjectName, parseName } from '../sql/identifier.ts';
import { findOpenRun, findRun } from './experiment/experiment-run.ts';
import type { ObjectScope } from './object-scope.ts';

/** A place where files are: a stage, or what a `snow://` URL names, and a path in it. */
export interface Location {
  /** As messages name it, `@DB.SCHEMA.STAGE/path`. */
  readonly display: string;
  /** Stage, table, dataset or model that the files belong to; the user for `@~`. */
  readonly object: CatalogObject;
  /** Absolute folder that the paths are relative to. */
  readonly root: string;
  /** Relative path, `/` between parts, no leading `/`; a trailing one keeps to the folder. May be empty. */
  readonly path: string;
  /** What LIST puts in front of each path: `my_stage/`, empty for `snow://`. */
  readonly listPrefix: string;
}

export type LocationAccess = 'READ' | 'WRITE';

/**
 * Resolves `@stage/path`, `@~`, `@%table`, `snow://dataset/…` and `snow://model/…` as written, quoted or not.
 * https://docs.snowflake.com/en/sql-reference/sql/list
 * @throws SnowflakeError when the stage does not exist, may not be used, or the path leaves it
 */
export function locate(written: string, scope: ObjectScope, access: LocationAccess): Location {
  const text = unquoted(written.trim());
  if (/^snow:\/\//iu.test(text)) return snowLocation(text, scope, access);
  if (!text.startsWith('@')) throw SnowflakeError.of('invalidStageLocation', { location: written });
  if (text.startsWith('@~')) return userStage(text, scope);
  if (text.startsWith('@%')) return tableStage(text, scope);
  const { name, rest } = splitName(text.slice(1), written);
  const stage = scope.find('STAGE', name, ...(access === 'READ' ? ['READ', 'WRITE'] : ['WRITE']));
  return located(stage, `@${scope.catalog.displayOf(stage)}`, rest, `${stage.name.toLowerCase()}/`, scope);
}

function unquoted(text: string): string {
  return text.startsWith("'") && text.endsWith("'") && text.length > 1 ? text.slice(1, -1).replaceAll("''", "'") : text;
}

/** `db.schema."Stage"/path` → its name and its path. */
function splitName(text: string, written: string): { name: ObjectName; rest: string } {
  const match = /^(?:"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)(?:\.(?:"(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)?)*/u.exec(text);
  if (match === null) throw SnowflakeError.of('invalidStageLocation', { location: written });
  const rest = text.slice(match[0].length);
  if (rest !== '' && !rest.startsWith('/')) throw SnowflakeError.of('invalidStageLocation', { location: written });
  return { name: parseName(match[0]), rest };
}

function userStage(text: string, scope: ObjectScope): Location {
  const user = scope.catalog.find('USER', null, scope.user);
  if (user === undefined) throw SnowflakeError.of('unsupported', { feature: 'the user stage of the system user' });
  return located(user, '@~', text.slice(2), '', scope);
}

function tableStage(text: string, scope: ObjectScope): Location {
  // @db.schema.%table is the documented form; @%table in the current schema the common one.
  const { name, rest } = splitName(text.slice(2), text);
  const table = scope.find('TABLE', name, 'OWNERSHIP');
  return located(table, `@%${displayName(name)}`, rest, '', scope);
}

const snowKinds: Readonly<Record<string, string>> = {
  dataset: 'DATASET',
  model: 'MODEL',
  notebook: 'NOTEBOOK',
  experiment: 'EXPERIMENT',
};

// https://docs.snowflake.com/en/sql-reference/commands-dataset: snow://dataset/<name>/versions/<version>/<file>
function snowLocation(text: string, scope: ObjectScope, access: LocationAccess): Location {
  const match = /^snow:\/\/([a-z]+)\/([\s\S]*)$/iu.exec(text);
  const kind = snowKinds[match?.[1]?.toLowerCase() ?? ''];
  if (kind === undefined) throw SnowflakeError.of('unsupported', { feature: text });
  const { name, rest } = splitName(match?.[2] ?? '', text);
  const object = scope.find(kind, name, ...(access === 'WRITE' ? ['OWNERSHIP', 'MODIFY'] : ['USAGE', 'READ', 'MODIFY']));
  if (kind === 'EXPERIMENT') return artifacts(object, rest, access, scope);
  return located(object, `snow://${kind.toLowerCase()}/${scope.catalog.displayOf(object)}`, rest, '', scope);
}

/**
 * Artifacts of a run: `/versions/<run>/<path>`, the run's name an identifier. A committed run's are not written any more.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/experiments#retrieve-artifacts-from-a-run
 */
function artifacts(object: CatalogObject, rest: string, access: LocationAccess, scope: ObjectScope): Location {
  const display = `snow://experiment/${scope.catalog.displayOf(object)}`;
  const [, written, path = ''] = /^\/versions\/("(?:[^"]|"")+"|[^/"]+)(\/[\s\S]*)?$/u.exec(rest) ?? [];
  if (written === undefined || path.split('/').includes('..'))
    throw SnowflakeError.of('invalidStageLocation', { location: `${display}${rest}` });
  const [name = ''] = parseName(written);
  const run = access === 'WRITE' ? findOpenRun(object, name) : findRun(object, name);
  return located(object, display, `/versions/${displayIdentifier(run.name)}${path === '' ? '/' : path}`, '/', scope);
}

function located(object: CatalogObject, display: string, rest: string, listPrefix: string, scope: ObjectScope): Location {
  const path = rest.replace(/^\/+/u, '');
  return {
    display: path === '' ? display : `${display}/${path}`,
    object,
    root: scope.effects.stages.directory(object.id),
    path: normalPath(path, `${display}${rest}`),
    listPrefix,
  };
}

/** @throws SnowflakeError when the path leaves the stage */
function normalPath(path: string, written: string): string {
  const normal = posix.normalize(path === '' ? '.' : path);
  if (normal === '..' || normal.startsWith('../') || path.includes('\0')) {
    throw SnowflakeError.of('invalidStageLocation', { location: written });
  }
  return normal === '.' ? '' : normal;
}

/** Where in its stage a file is put that is to go to a location under a name. @throws SnowflakeError when it leaves the stage */
export function pathBelow(location: Location, name: string): string {
  const folder = location.path === '' || location.path.endsWith('/') ? location.path : `${location.path}/`;
  return normalPath(folder + name.replace(/^\/+/u, ''), name);
}

/** Absolute path of the location itself. */
export function absolutePath(location: Location): string {
  return join(location.root, location.path);
}
