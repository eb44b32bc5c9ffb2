import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { TableColumnRecord } from '../table-columns.ts';
import { rowAccessOf, tagPoliciesOf } from './attachments.ts';
import { policyOf } from './policy.ts';

/** A policy and the names of the columns that its parameters stand for. */
export interface PolicyInForce {
  readonly policy: CatalogObject;
  readonly columns: readonly string[];
  /** The tag by which it holds. */
  readonly tag?: CatalogObject;
}

/** What protects a table or a view; undefined when nothing does, which is found out without looking at each column's tags. */
export interface ProtectionInForce {
  readonly rows: PolicyInForce | undefined;
  /** Masking policies by the column's place; several where tags contradict each other. */
  readonly masks: ReadonlyMap<number, readonly PolicyInForce[]>;
}

/**
 * A policy on the column itself comes first, then those of the tags of the column and of what contains it.
 * https://docs.snowflake.com/en/user-guide/tag-based-masking-policies
 * @throws SnowflakeError `policyGone`
 */
export function protectionOf(object: CatalogObject, catalog: Catalog): ProtectionInForce | undefined {
  const columns = object.properties['COLUMNS'] as readonly TableColumnRecord[] | undefined;
  if (columns === undefined) return undefined;
  const filter = rowAccessOf(object);
  const inherited = policiesOfContainers(object, catalog);
  const open = columns.some((each) => each.maskedBy !== undefined || each.tags !== undefined);
  if (filter === undefined && inherited.length === 0 && !open) return undefined;
  const masks = columns.map((column, index) => [index, masksOf(column, columns, inherited, object, catalog)] as const);
  return {
    rows: filter === undefined ? undefined : { policy: existing(filter.policy, object, catalog), columns: filter.on },
    masks: new Map(masks.filter(([, policies]) => policies.length > 0)),
  };
}

interface TagPolicy {
  readonly tag: CatalogObject;
  readonly policy: CatalogObject;
}

function masksOf(
  column: TableColumnRecord,
  columns: readonly TableColumnRecord[],
  inherited: readonly TagPolicy[],
  object: CatalogObject,
  catalog: Catalog,
): PolicyInForce[] {
  const own = column.maskedBy;
  if (own !== undefined) return [{ policy: existing(own.policy, object, catalog), columns: own.using }];
  const tagged = [...tagPolicies(Object.keys(column.tags ?? {}), catalog), ...inherited];
  const found = new Map<string, PolicyInForce>();
  for (const { tag, policy } of tagged) {
    const [first, ...others] = policyOf(policy).parameters;
    if (first?.type.kind !== column.type.kind) continue;
    // Further parameters stand for the columns of their names.
    const names = others.map(({ name }) => columns.find((each) => each.name === name)?.name ?? name);
    if (!found.has(policy.id)) found.set(policy.id, { policy, columns: [column.name, ...names], tag });
  }
  return [...found.values()];
}

function policiesOfContainers(object: CatalogObject, catalog: Catalog): TagPolicy[] {
  const found: TagPolicy[] = [];
  for (let each: CatalogObject | undefined = object; each !== undefined;) {
    found.push(...tagPolicies(Object.keys(each.tags), catalog));
    each = each.parent === null ? undefined : catalog.byId(each.parent);
  }
  return found;
}

function tagPolicies(tags: readonly string[], catalog: Catalog): TagPolicy[] {
  return tags.flatMap((id) => {
    const tag = catalog.byId(id);
    return tag === undefined ? [] : tagPoliciesOf(tag).map((policy) => ({ tag, policy: existing(policy, tag, catalog) }));
  });
}

/** What a policy protected stays closed when the policy is gone: a table may be restored without it. */
function existing(id: string, object: CatalogObject, catalog: Catalog): CatalogObject {
  const policy = catalog.byId(id);
  if (policy === undefined) throw SnowflakeError.of('policyGone', { name: catalog.displayOf(object) });
  return policy;
}
