import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { StoredRecord } from '../../catalog/records.ts';
import type { FutureGrant, Grant } from '../../access/grants.ts';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { CloneOptions } from '../../objects/cloning.ts';
import type { Statement } from '../statement.ts';
import type { CloneClause } from './clone-clause.ts';
import { withClonedSequences } from './clone-defaults.ts';

/** What comes into being with a clone, made outside the catalog already. */
export interface ClonedContents {
  readonly object: CatalogObject;
  /** What is in it, containers before what they contain. */
  readonly contents: readonly CatalogObject[];
  /** Grants on the contents, and those that a container makes on what will be in it. */
  readonly grants: readonly StoredRecord[];
}

interface Planned {
  readonly source: CatalogObject;
  readonly id: string;
  readonly parent: string;
}

/**
 * Copies what `source` holds into `object`: rows, and all that a container contains, with the grants on it.
 * https://docs.snowflake.com/en/user-guide/object-clone
 * @throws SnowflakeError what a kind's copy throws; what was made by then is cleared away again
 */
export async function cloneContents(object: CatalogObject, clause: CloneClause, statement: Statement): Promise<ClonedContents> {
  const { scope, state } = statement;
  const planned = plan(clause.source, object.id, clause, statement);
  const ids = new Map([[clause.source.id, object.id], ...planned.map(({ source, id }) => [source.id, id] as const)]);
  const copies = new Map<string, CatalogObject>();
  const made: CatalogObject[] = [];
  const copy = async (bare: CatalogObject, source: CatalogObject, within: boolean): Promise<CatalogObject> => {
    const options: CloneOptions = { ...clause, within, copies };
    const cloning = state.account.registry.kind(bare.kind).cloning;
    const whole = (await cloning?.copy?.(bare, source, scope, options)) ?? bare;
    made.push(whole);
    copies.set(source.id, whole);
    return whole;
  };
  try {
    const top = await copy(object, clause.source, false);
    // Streams come last: they are on what is cloned with them.
    const ordered = [...planned].toSorted((a, b) => Number(a.source.kind === 'STREAM') - Number(b.source.kind === 'STREAM'));
    const contents: CatalogObject[] = [];
    for (const { source, id, parent } of ordered) {
      const bare = { ...replaced(source, ids), id, parent, createdOn: scope.now, alteredOn: scope.now };
      const passable = clause.passOverTables && (source.kind === 'TABLE' || source.kind === 'DYNAMIC TABLE');
      try {
        contents.push(await copy(bare, source, true));
      } catch (error) {
        if (!passable || !(error instanceof SnowflakeError) || error.symbol !== 'timeTravelUnavailable') throw error;
      }
    }
    const drawing = contents.map((each) => (each.kind === 'TABLE' ? withClonedSequences(each, copies, scope) : each));
    return { object: top, contents: drawing, grants: grantsOn(copies, clause.source, statement) };
  } catch (error) {
    for (const each of made) await state.account.registry.tryKind(each.kind)?.dropped?.(each, scope);
    throw error;
  }
}

/** What is in a container, also in its schemas, that the role may clone; containers before what they contain. */
function plan(container: CatalogObject, copyId: string, clause: CloneClause, statement: Statement): Planned[] {
  const { scope, state } = statement;
  return childrenOf(container, clause, statement).flatMap((source) => {
    const cloning = state.account.registry.tryKind(source.kind)?.cloning;
    if (source.session !== undefined || cloning === undefined || !scope.visible(source)) return [];
    const { privilege } = cloning;
    if (privilege !== undefined && !scope.authorizer.holds(scope.roles, source, privilege)) return [];
    if (cloning.included?.(source, { ...clause, within: true, copies: new Map() }) === false) return [];
    const planned = { source, id: scope.ids.uuid(), parent: copyId };
    return [planned, ...plan(source, planned.id, clause, statement)];
  });
}

/** What was in a container at the point in time, what has been dropped since included. */
function childrenOf(container: CatalogObject, { at }: CloneClause, { scope, state }: Statement): CatalogObject[] {
  const now = scope.catalog.childrenOf(container.id);
  if (at === undefined) return now;
  const dropped = state.account.dropped
    .all()
    .filter(({ object, droppedOn, purgeOn }) => object.parent === container.id && droppedOn > at && purgeOn > scope.now);
  const names = new Set<string>();
  return [...dropped.toReversed().map(({ object }) => object), ...now]
    .filter(({ createdOn }) => createdOn <= at)
    .filter(({ kind, name, signature }) => {
      const key = JSON.stringify([kind, name, signature]);
      return !names.has(key) && names.add(key).has(key);
    });
}

/** An object in which the ids of what is cloned are those of the copies. Ids are unique texts, whatever holds them. */
function replaced(object: CatalogObject, ids: ReadonlyMap<string, string>): CatalogObject {
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [ids.get(key) ?? key, replace(inner)]));
  };
  return replace(object) as CatalogObject;
}

/**
 * The clone of a container has none of the container's grants; what is in it has those of what it was cloned from, and grants
 * on future objects are the clone's too. https://docs.snowflake.com/en/user-guide/security-access-control-configure#object-cloning-and-future-grants
 */
function grantsOn(copies: ReadonlyMap<string, CatalogObject>, top: CatalogObject, { scope }: Statement): StoredRecord[] {
  const own = [...copies].flatMap(([source, copy]): Grant[] =>
    source === top.id ? [] : scope.grants.on(source).map((grant) => ({ ...grant, id: scope.ids.uuid(), on: copy.id })),
  );
  const future = scope.grants.future().flatMap((grant): FutureGrant[] => {
    const within = copies.get(grant.within);
    return within === undefined ? [] : [{ ...grant, id: scope.ids.uuid(), within: within.id }];
  });
  return [...own, ...future];
}
