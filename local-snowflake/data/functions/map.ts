import { type SnowflakeType, types } from '../../sql/types.ts';
import { unify } from '../bind/bind-expression.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { variantOf } from '../bind/cast-semi-structured.ts';
import { each, inOrder, letIn, those } from '../bind/structured-sql.ts';
import { physicalType } from '../duckdb/physical-type.ts';
import { raise, spliced } from '../duckdb/raised.ts';
import type { CallSite } from './call-site.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

type MapType = Extract<SnowflakeType, { kind: 'MAP' }>;

function mapType(call: CallSite, value: Bound): MapType {
  if (value.type.kind !== 'MAP') throw call.typesError();
  return value.type;
}

/** A key in the type that the map's keys have; text of any length. */
function keyOf(call: CallSite, key: Bound, type: MapType): Bound {
  if (key.untyped !== true && key.type.kind !== type.key.kind) throw call.typesError();
  return call.cast(key, type.key.kind === 'VARCHAR' ? types.varchar() : type.key);
}

const hasKey = (map: string, key: string): string => `list_contains(${each(map, (entry) => `(${entry}).k`)}, ${key})`;

/** Text of any length, or whole numbers: beside a number, text is one. */
function keyType(call: CallSite, keys: readonly Bound[]): SnowflakeType {
  const kinds = new Set(keys.filter((key) => key.untyped !== true).map((key) => key.type.kind));
  if ([...kinds].some((kind) => kind !== 'VARCHAR' && kind !== 'NUMBER')) throw call.typesError();
  const scale = Math.max(0, ...keys.map((key) => (key.type.kind === 'NUMBER' ? key.type.scale : 0)));
  return kinds.has('NUMBER') ? types.number(38, scale) : types.varchar();
}

/** https://docs.snowflake.com/en/sql-reference/functions/map_construct: entries without a key are left out. */
function mapConstruct(call: CallSite): Bound {
  if (call.args.length === 0 || call.args.length % 2 !== 0) throw call.countError('an even number');
  const given = call.args.filter((_, index) => index % 2 === 0);
  const type = keyType(call, given);
  const keys = given.map((key) => call.cast(key, type));
  const values = unify(
    call.args.filter((_, index) => index % 2 === 1),
    call.name,
    call.context,
  );
  const value = { type: values[0]?.type ?? types.varchar(), nullable: values.some((item) => item.nullable) };
  const entries = keys.map((each_, index) => `struct_pack(k := ${each_.sql}, v := ${values[index]?.sql ?? 'NULL'})`);
  const kept = those(`[${entries.join(', ')}]`, (entry) => `(${entry}).k IS NOT NULL`);
  const made = letIn(inOrder(kept), (map) => {
    const names = each(map, (entry) => `(${entry}).k`);
    const repeated = `list_filter(${names}, lambda sf_k, sf_i: list_position(${names}, sf_k) <> sf_i)`;
    return `CASE WHEN len(${repeated}) > 0 THEN ${raise('duplicateKey', { key: spliced }, `CAST((${repeated})[1] AS VARCHAR)`)} ELSE ${map} END`;
  });
  return bound({ kind: 'MAP', key: type, value }, made, false);
}

/** The second map's values win. https://docs.snowflake.com/en/sql-reference/functions/map_cat */
function mapCat(call: CallSite): Bound {
  if (call.args.length !== 2) throw call.countError('2');
  const first = call.arg(0);
  const type = mapType(call, first);
  const second = call.cast(call.arg(1), type);
  const sql = letIn(second.sql, (over) =>
    inOrder(`(${those(first.sql, (entry) => `NOT ${hasKey(over, `(${entry}).k`)}`, over)} || ${over})`),
  );
  return call.result(type, `CASE WHEN ${first.sql} IS NULL OR ${second.sql} IS NULL THEN NULL ELSE ${sql} END`);
}

/** https://docs.snowflake.com/en/sql-reference/functions/map_insert */
function mapInsert(call: CallSite): Bound {
  if (call.args.length < 3 || call.args.length > 4) throw call.countError('3');
  const type = mapType(call, call.arg(0));
  const key = keyOf(call, call.arg(1), type);
  const value = call.cast(call.arg(2), type.value.type, call.arg(2).type.kind === 'VARIANT' ? 'explicit' : 'implicit');
  const update = call.args.length === 4 ? call.cast(call.arg(3), types.boolean).sql : 'false';
  const given = `CAST(struct_pack(k := ${key.sql}, v := ${value.sql}) AS ${physicalType(type).replace(/\[\]$/u, '')})`;
  const sql = letIn(call.arg(0).sql, (map) => {
    const others = those(map, (entry) => `(${entry}).k <> ${key.sql}`, key.sql);
    const fault = raise('duplicateKey', { key: spliced }, `CAST(${key.sql} AS VARCHAR)`);
    return `CASE WHEN ${map} IS NULL OR ${key.sql} IS NULL THEN ${map} WHEN ${hasKey(map, key.sql)} AND NOT coalesce(${update}, false) THEN ${fault} ELSE ${inOrder(`(${others} || [${given}])`)} END`;
  });
  return bound(type, sql, call.arg(0).nullable);
}

/** The keys that the arguments behind the map are, or the array that is the only one. */
function keyList(call: CallSite, type: MapType): string {
  const [, only] = call.args;
  if (only === undefined) throw call.countError('2');
  if (call.args.length === 2 && (only.type.kind === 'ARRAY' || only.type.kind === 'STRUCTURED_ARRAY'))
    return call.cast(only, { kind: 'STRUCTURED_ARRAY', element: { type: type.key, nullable: true } }, 'explicit').sql;
  return `[${call.args
    .slice(1)
    .map((key) => keyOf(call, key, type).sql)
    .join(', ')}]`;
}

function chosenEntries(call: CallSite, test: (keys: string, key: string) => string): Bound {
  const type = mapType(call, call.arg(0));
  const sql = letIn(keyList(call, type), (keys) => those(call.arg(0).sql, (entry) => test(keys, `(${entry}).k`), keys));
  return bound(type, sql, call.arg(0).nullable);
}

// https://docs.snowflake.com/en/sql-reference/functions-semistructured
export const mapFunctions: readonly FunctionDefinition[] = [
  special('MAP_CONSTRUCT', 'map_construct', 'scalar', mapConstruct),
  special('MAP_CAT', 'map_cat', 'scalar', mapCat),
  special('MAP_INSERT', 'map_insert', 'scalar', mapInsert),
  special('MAP_PICK', 'map_pick', 'scalar', (call) =>
    chosenEntries(call, (keys, key) => `coalesce(list_contains(${keys}, ${key}), false)`),
  ),
  special('MAP_DELETE', 'map_delete', 'scalar', (call) =>
    chosenEntries(call, (keys, key) => `NOT coalesce(list_contains(${keys}, ${key}), false)`),
  ),
  // https://docs.snowflake.com/en/sql-reference/functions/map_entries
  special('MAP_ENTRIES', 'map_entries', 'scalar', (call) => {
    if (call.args.length !== 1) throw call.countError('1');
    const map = call.arg(0);
    const type = mapType(call, map);
    const entries = each(map.sql, (entry) => {
      const value = `CAST(${variantOf(bound(type.value.type, `(${entry}).v`))} AS VARCHAR)`;
      return `CAST('{"key":' || CAST(to_json((${entry}).k) AS VARCHAR) || ',"value":' || coalesce(${value}, 'null') || '}' AS JSON)`;
    });
    return bound(types.array, `CASE WHEN ${map.sql} IS NOT NULL THEN to_json(${entries}) END`, map.nullable);
  }),
  special('MAP_KEYS', 'map_keys', 'scalar', (call) => {
    if (call.args.length !== 1) throw call.countError('1');
    const { key } = mapType(call, call.arg(0));
    return call.result(
      { kind: 'STRUCTURED_ARRAY', element: { type: key, nullable: false } },
      each(call.arg(0).sql, (entry) => `(${entry}).k`),
    );
  }),
  special('MAP_SIZE', 'map_size', 'scalar', (call) => {
    if (call.args.length !== 1) throw call.countError('1');
    mapType(call, call.arg(0));
    return call.result(types.number(9, 0), `CAST(len(${call.arg(0).sql}) AS DECIMAL(9,0))`);
  }),
  special('MAP_CONTAINS_KEY', 'map_contains_key', 'scalar', (call) => {
    if (call.args.length !== 2) throw call.countError('2');
    const type = mapType(call, call.arg(1));
    const key = keyOf(call, call.arg(0), type);
    return call.result(types.boolean, hasKey(call.arg(1).sql, key.sql));
  }),
];
