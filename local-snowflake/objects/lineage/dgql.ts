import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayIdentifier } from '../../sql/identifier.ts';
import type { ObjectScope } from '../object-scope.ts';
import { domainOf, kindsOf, namedNode } from './lineage-domain.ts';
import { type LineageQuery, parseLineageQuery } from './lineage-query.ts';
import { type LivingNode, nodeOf, visibleEdges } from './visible-edges.ts';

/** SYSTEM$DGQL: the edges at one node, as JSON. The shape is what snowflake-snowpark-python takes apart (`lineage.py`). */
export function answerLineageQuery(text: string, scope: ObjectScope): string {
  const query = parseLineageQuery(text);
  const at = queriedNode(query, scope);
  const edges = visibleEdges(scope);
  const answer = query.edges.map(({ as, direction }) => {
    const near = direction === 'OUT' ? ('source' as const) : ('target' as const);
    const found = edges.filter((edge) => isSame(edge[near], at));
    return [as, found.map(({ source, target }) => ({ S: entity(source, scope), T: entity(target, scope), properties: {} }))];
  });
  return JSON.stringify({ data: { V: Object.fromEntries(answer) } });
}

/** By name, where a version has its object's as `parentName`; or by the ids of an earlier answer. */
function queriedNode({ domain, node }: LineageQuery, scope: ObjectScope): LivingNode {
  const { id, parentId, name = '', parentName } = node;
  if (id === undefined) return namedNode(domain, parentName ?? name, parentName === undefined ? undefined : name, scope);
  const object = scope.catalog.byId(parentId ?? id);
  const version = parentId === undefined ? undefined : id.slice(parentId.length + 1);
  const found = object !== undefined && kindsOf(domain).includes(object.kind) ? nodeOf(object, version, scope) : undefined;
  if (found === undefined || found.masked) throw SnowflakeError.of('objectDoesNotExist', { kind: domain, name: id });
  return found;
}

export function isSame(one: LivingNode, other: LivingNode): boolean {
  return one.object.id === other.object.id && one.version === other.version;
}

function entity({ object, version, createdOn, masked }: LivingNode, scope: ObjectScope): Record<string, unknown> {
  const domain = domainOf(object);
  const path = masked ? ['***', '***', '***'] : scope.catalog.pathOf(object);
  const [db = '', schema = '', name = ''] = path.map(displayIdentifier);
  const parent = version === undefined ? {} : { parentName: name, parentId: object.id };
  return {
    domain,
    refinedDomain: object.kind === 'VIEW' ? 'VIEW' : domain,
    userDomain: userDomainOf(object, scope),
    name: version ?? name,
    properties: parent,
    schema,
    db,
    status: masked ? 'MASKED' : 'ACTIVE',
    createdOn: String(createdOn),
    id: version === undefined ? object.id : `${object.id}/${version}`,
  };
}

/** How users know the object: a feature view is a table or a view with a tag of the Feature Store's. */
function userDomainOf(object: LivingNode['object'], scope: ObjectScope): string {
  if (object.kind === 'MODEL') return 'MODEL';
  if (object.kind === 'SERVICE') return 'SERVICE';
  if (domainOf(object) !== 'TABLE') return object.kind;
  const featureView = Object.entries(object.tags).some(
    ([tag, value]) => scope.nameOf(tag) === 'SNOWML_FEATURE_STORE_OBJECT' && /"(?:MANAGED|EXTERNAL)_FEATURE_VIEW"/u.test(value),
  );
  return featureView ? 'FEATURE_VIEW' : object.kind === 'VIEW' ? 'VIEW' : 'TABLE';
}
