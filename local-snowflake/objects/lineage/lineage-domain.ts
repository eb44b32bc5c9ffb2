import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import { versionsOf } from '../dataset/dataset.ts';
import { findRun } from '../experiment/experiment-run.ts';
import { findVersion } from '../model/model-version.ts';
import type { ObjectScope } from '../object-scope.ts';
import { type LivingNode, nodeOf } from './visible-edges.ts';

/** Kinds of objects that have lineage, by the domain that clients name them with. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  TABLE: ['TABLE', 'VIEW', 'DYNAMIC TABLE'],
  VIEW: ['VIEW'],
  DATASET: ['DATASET'],
  MODULE: ['MODEL'],
  STAGE: ['STAGE'],
  EXPERIMENT: ['EXPERIMENT'],
  SNOWSERVICE_INSTANCE: ['SERVICE'],
};

export function domainOf(object: CatalogObject): string {
  return Object.keys(kinds).find((domain) => kinds[domain]?.includes(object.kind)) ?? object.kind;
}

/** The kinds of a domain. @throws SnowflakeError `unsupported` */
export function kindsOf(domain: string): readonly string[] {
  const found = kinds[domain.toUpperCase()];
  if (found === undefined) throw SnowflakeError.of('unsupported', { feature: `lineage of domain ${domain}` });
  return found;
}

/**
 * The node that a query names. Without a version, a model's default one and a dataset's last are meant.
 * @throws SnowflakeError when there is none, or it is hidden from the roles
 */
export function namedNode(domain: string, written: string, version: string | undefined, scope: ObjectScope): LivingNode {
  const name = parseName(written);
  const [first = '', ...others] = kindsOf(domain);
  const object = others.map((kind) => scope.tryFind(kind, name)).find((each) => each !== undefined) ?? scope.find(first, name);
  const node = nodeOf(object, versionName(object, version), scope);
  if (node === undefined) throw SnowflakeError.of('objectDoesNotExist', { kind: domain, name: `${written} ${version ?? ''}` });
  return node;
}

function versionName(object: CatalogObject, version: string | undefined): string | undefined {
  if (object.kind === 'MODEL') return findVersion(object, version ?? 'DEFAULT').name;
  if (object.kind === 'DATASET') return version ?? versionsOf(object).at(-1)?.name;
  if (object.kind === 'EXPERIMENT') return version === undefined ? undefined : findRun(object, version).name;
  if (version !== undefined) throw SnowflakeError.of('unsupported', { feature: `versions of a ${object.kind.toLowerCase()}` });
  return undefined;
}
