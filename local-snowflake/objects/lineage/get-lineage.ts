import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type Cell, cell, column, type Row } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { TableFunctionDefinition, TypedValue } from '../extensions.ts';
import type { ObjectScope } from '../object-scope.ts';
import { isSame } from './dgql.ts';
import { domainOf, namedNode } from './lineage-domain.ts';
import { type LivingNode, type VisibleEdge, visibleEdges } from './visible-edges.ts';

const furthest = 5;

/** Names of the arguments in their order. */
const argumentNames = [
  'OBJECT_NAME',
  'OBJECT_DOMAIN',
  'DIRECTION',
  'MAX_DISTANCE',
  'OBJECT_VERSION',
  'NAMESPACE',
  'OBJECT_TYPE',
  'EXTERNAL_ID',
  'COLUMN_NAME',
];

const ends = ['SOURCE', 'TARGET'].map((end) => [
  ...['DATABASE', 'SCHEMA', 'NAME', 'DOMAIN', 'VERSION'].map((part) => `${end}_OBJECT_${part}`),
  `${end}_COLUMN_NAME`,
  `${end}_STATUS`,
]);

// https://docs.snowflake.com/en/sql-reference/functions/get_lineage-snowflake-core
export const getLineage: TableFunctionDefinition = {
  name: 'GET_LINEAGE',
  page: 'functions/get_lineage-snowflake-core',
  columns: [
    ...ends.flat().map((name) => column(name)),
    column('DISTANCE', types.number(38, 0)),
    ...['PROCESS', 'SOURCE_DETAILS', 'TARGET_DETAILS'].map((name) => column(name, { kind: 'VARIANT' })),
  ],
  rows: (args, scope) => {
    const given = argumentsOf(args);
    const direction = (given.get('DIRECTION') ?? '').toUpperCase();
    if (direction !== 'UPSTREAM' && direction !== 'DOWNSTREAM') throw invalid('DIRECTION', direction);
    const distance = Number(given.get('MAX_DISTANCE') ?? furthest);
    if (!Number.isInteger(distance) || distance < 1 || distance > furthest) throw invalid('MAX_DISTANCE', String(distance));
    for (const name of ['NAMESPACE', 'OBJECT_TYPE', 'EXTERNAL_ID', 'COLUMN_NAME'])
      if (given.has(name)) throw SnowflakeError.of('unsupported', { feature: `GET_LINEAGE with ${name}` });
    const [domain = '', name = ''] = [given.get('OBJECT_DOMAIN'), given.get('OBJECT_NAME')];
    const start = namedNode(domain, name, given.get('OBJECT_VERSION'), scope);
    return steps(start, direction, distance, scope).map(([edge, step]) => row(edge, step, scope));
  },
};

/** Arguments that are not NULL, by name. */
function argumentsOf(args: ReadonlyMap<string, TypedValue>): Map<string, string> {
  const given = new Map<string, string>();
  for (const [key, { cell: value }] of args) {
    const name = argumentNames[Number(key) - 1] ?? key;
    if (!argumentNames.includes(name)) throw SnowflakeError.of('unsupported', { feature: `GET_LINEAGE with ${name}` });
    if (value !== null) given.set(name, value);
  }
  return given;
}

/** Edges by their distance from a node; the way does not lead on through what is masked. */
function steps(
  start: LivingNode,
  direction: 'UPSTREAM' | 'DOWNSTREAM',
  distance: number,
  scope: ObjectScope,
): (readonly [VisibleEdge, number])[] {
  const edges = visibleEdges(scope).filter(({ target }) => target.object.kind !== 'SERVICE');
  const [near, far] = direction === 'UPSTREAM' ? (['target', 'source'] as const) : (['source', 'target'] as const);
  const found: (readonly [VisibleEdge, number])[] = [];
  const taken = new Set<VisibleEdge>();
  let reached: readonly LivingNode[] = [start];
  for (let step = 1; step <= distance && reached.length > 0; step += 1) {
    const next = edges.filter((edge) => !taken.has(edge) && reached.some((node) => isSame(edge[near], node)));
    for (const edge of next) taken.add(edge);
    found.push(...next.map((edge) => [edge, step] as const));
    reached = next.map((edge) => edge[far]).filter((node) => !node.masked);
  }
  return found;
}

function row({ source, target, queryId }: VisibleEdge, distance: number, scope: ObjectScope): Row {
  const details = ({ object }: LivingNode): string => JSON.stringify({ dataset_type: object.kind, origin: 'NATIVE' });
  return [
    ...end(source, scope),
    ...end(target, scope),
    cell.number(distance),
    queryId === null ? null : JSON.stringify({ query_id: queryId }),
    details(source),
    details(target),
  ];
}

function end({ object, version, masked }: LivingNode, scope: ObjectScope): Cell[] {
  if (masked) return [null, null, null, domainOf(object), null, null, 'MASKED'];
  const [database = null, schema = null, name = null] = scope.catalog.pathOf(object);
  return [database, schema, name, domainOf(object), version ?? null, null, 'ACTIVE'];
}

function invalid(name: string, value: string): SnowflakeError {
  return SnowflakeError.of('invalidArgument', { name: `GET_LINEAGE ${name}`, value });
}
