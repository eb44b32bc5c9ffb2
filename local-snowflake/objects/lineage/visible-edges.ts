import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import { versionsOf } from '../dataset/dataset.ts';
import { runsOf } from '../experiment/experiment-run.ts';
import { modelVersions } from '../model/model-version.ts';
import type { ObjectScope } from '../object-scope.ts';
import { definitionOf } from '../service/service-definition.ts';
import type { LineageEdge, LineageKind } from './lineage-graph.ts';

/** An end of an edge, as it is now. */
export interface LivingNode {
  readonly object: CatalogObject;
  readonly version: string | undefined;
  /** When the object, or its version, was made, epoch milliseconds. */
  readonly createdOn: number;
  /** Whether the roles may not know what it is. */
  readonly masked: boolean;
}

export interface VisibleEdge {
  readonly source: LivingNode;
  readonly target: LivingNode;
  readonly via: LineageKind;
  readonly queryId: string | null;
}

/**
 * The account's lineage as a role sees it: dropped objects are left out, those that it holds nothing on are masked.
 * https://docs.snowflake.com/en/user-guide/ui-snowsight-lineage#access-control-for-lineage-information
 * @throws SnowflakeError `insufficientPrivileges` without VIEW LINEAGE
 */
export function visibleEdges(scope: ObjectScope): readonly VisibleEdge[] {
  if (!scope.authorizer.holdsGlobal(scope.roles, 'VIEW LINEAGE'))
    throw SnowflakeError.of('insufficientPrivileges', { kind: 'account', name: 'lineage' });
  const recorded = scope.lineage.graph.edges().flatMap((edge) => living(edge, scope) ?? []);
  return [...recorded, ...servingEdges(scope)];
}

function living(edge: LineageEdge, scope: ObjectScope): VisibleEdge | undefined {
  const source = nodeOf(currentSource(edge, scope), edge.source.version, scope);
  const target = nodeOf(scope.catalog.byId(edge.target.id), edge.target.version, scope);
  return source === undefined || target === undefined ? undefined : { source, target, via: edge.via, queryId: edge.queryId };
}

/** What is read by name may have been made anew under it. */
function currentSource({ source, via }: LineageEdge, scope: ObjectScope): CatalogObject | undefined {
  const recorded = scope.catalog.byId(source.id);
  if (recorded !== undefined || via !== 'OBJECT_DEPENDENCY') return recorded;
  let parent: CatalogObject | null = null;
  for (const [depth, name] of source.path.entries()) {
    const kind = ['DATABASE', 'SCHEMA'][depth] ?? source.kind;
    const found = scope.catalog.find(kind, parent?.id ?? null, name);
    if (found === undefined) return undefined;
    parent = found;
  }
  return parent ?? undefined;
}

/** A model and the services that serve it: they know it themselves. */
function servingEdges(scope: ObjectScope): readonly VisibleEdge[] {
  return scope.catalog.ofKind('SERVICE').flatMap((service) => {
    const program = definitionOf(service)?.program;
    if (program?.kind !== 'model') return [];
    const source = nodeOf(scope.catalog.byId(program.model), program.version, scope);
    const target = nodeOf(service, undefined, scope);
    return source === undefined || target === undefined ? [] : [{ source, target, via: 'DATA_LINEAGE' as const, queryId: null }];
  });
}

/** Undefined when the object, or the version, is not there. */
export function nodeOf(object: CatalogObject | undefined, version: string | undefined, scope: ObjectScope): LivingNode | undefined {
  if (object === undefined) return undefined;
  const createdOn = version === undefined ? object.createdOn : versionCreatedOn(object, version);
  if (createdOn === undefined) return undefined;
  const masked = !scope.authorizer.lists(scope.roles, object) && !scope.authorizer.holdsGlobal(scope.roles, 'RESOLVE ALL');
  return { object, version, createdOn, masked };
}

type Versioned = (object: CatalogObject) => readonly { readonly name: string; readonly createdOn: number }[];

const versionsByKind: Readonly<Record<string, Versioned>> = { DATASET: versionsOf, MODEL: modelVersions, EXPERIMENT: runsOf };

function versionCreatedOn(object: CatalogObject, version: string): number | undefined {
  return versionsByKind[object.kind]?.(object).find((each) => each.name === version)?.createdOn;
}
