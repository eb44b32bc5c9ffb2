import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { types } from '../../sql/types.ts';
import { bindExpression, constantContext } from '../bind/bind-expression.ts';
import { bindQuery } from '../bind/bind-query.ts';
import { castTo } from '../bind/cast.ts';
import { toWire } from '../duckdb/wire-text.ts';
import { pastPoint } from '../history/history-storage.ts';
import type { PastPoint } from '../history/table-history.ts';
import { itemOptions, openStage, type StageItem, type StageSource } from '../copy/stage-source.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import { readCells } from '../duckdb/run.ts';
import type { WatchedConnection } from '../duckdb/watched-connection.ts';
import type { StatementPorts } from '../ports.ts';
import type { PivotItem, PivotValue, Query, Statement, TimeTravel } from '../syntax/tree.ts';
import { wireSql } from './run-query.ts';
import { StatementFrame } from './statement-frame.ts';

/** What must be known before a statement can be bound, since binding is synchronous. */
export interface ReadAhead {
  /** The stages it names, opened. */
  readonly stages: ReadonlyMap<StageItem, StageSource>;
  /** Values that PIVOT … IN (ANY) or (SELECT …) turns into columns. */
  readonly pivots: ReadonlyMap<PivotItem, readonly PivotValue[]>;
  /** Points in the past that it names. */
  readonly points: ReadonlyMap<TimeTravel, PastPoint>;
}

export const nothingAhead: ReadAhead = { stages: new Map(), pivots: new Map(), points: new Map() };

export async function readAhead(
  statement: Statement,
  ports: StatementPorts,
  connection: WatchedConnection,
  log: ChangeLog,
  transaction?: number,
): Promise<ReadAhead> {
  const found = itemsOf(statement);
  if (found.stages.length === 0 && found.pivots.length === 0 && found.points.length === 0) return nothingAhead;
  const stages = new Map<StageItem, StageSource>();
  for (const item of found.stages)
    stages.set(item, await openStage(item.location, itemOptions(item.args, ports), ports, connection));
  const points = new Map<TimeTravel, PastPoint>();
  for (const point of found.points) points.set(point, { ...(await namedPoint(point, ports, connection, log)), own: transaction });
  const pivots = new Map<PivotItem, readonly PivotValue[]>();
  for (const item of found.pivots) {
    if ('body' in item.values) pivots.set(item, await pivotValues(item.values, { stages, pivots, points }, ports, connection, log));
  }
  return { stages, pivots, points };
}

async function pivotValues(
  query: Query,
  ahead: ReadAhead,
  ports: StatementPorts,
  connection: WatchedConnection,
  log: ChangeLog,
): Promise<PivotValue[]> {
  const frame = new StatementFrame(connection, log, ports, undefined, ahead);
  try {
    const bound = bindQuery(query, frame.bind);
    const [column] = bound.columns;
    const rows = await readCells(connection, await frame.runtime.resolve(wireSql(bound), frame.state.preparations));
    const literal = column?.type.kind === 'NUMBER' ? 'number' : 'string';
    // A value is one column of the result, however often the query gives it.
    const cells = new Set(rows.map(([cell]) => cell));
    return [...cells].map((cell) => ({
      value:
        cell === null || cell === undefined
          ? { kind: 'literal', literal: 'null', text: '' }
          : { kind: 'literal', literal, text: cell },
      alias: undefined,
    }));
  } finally {
    await frame.runtime.finish();
  }
}

/** What AT and BEFORE say is worked out by itself: it must be constant. */
async function namedPoint(
  { by, value, inclusive }: TimeTravel,
  ports: StatementPorts,
  connection: WatchedConnection,
  log: ChangeLog,
): Promise<Omit<PastPoint, 'own'>> {
  const frame = new StatementFrame(connection, log, ports, undefined, nothingAhead);
  try {
    const bound = bindExpression(value, constantContext(frame.bind));
    // Text without a cast is read as UTC.
    const sought =
      by === 'TIMESTAMP' && bound.type.kind === 'VARCHAR' ? castTo(bound, types.timestampNtz(), 'explicit', ports.facts) : bound;
    const [[cell] = []] = await frame.read(`SELECT ${toWire(sought.type, sought.sql)}`);
    if (cell === undefined || cell === null) throw SnowflakeError.of('invalidPropertyValue', { property: by, value: 'NULL' });
    const endOf = (id: string): number | undefined => ports.statementEnd?.(id);
    if (by === 'STATEMENT') return await pastPoint({ kind: 'statement', id: cell, inclusive }, endOf, connection);
    // Wire text of a time: seconds and their fraction, and an offset that is no part of it.
    const at = by === 'OFFSET' ? ports.facts.now + Number(cell) * 1000 : Math.floor(Number(cell.split(' ')[0]) * 1000 + 1e-6);
    return await pastPoint({ kind: 'time', at, inclusive }, endOf, connection);
  } finally {
    await frame.runtime.finish();
  }
}

interface FoundItems {
  readonly stages: StageItem[];
  /** Inner ones before those around them. */
  readonly pivots: PivotItem[];
  readonly points: TimeTravel[];
}

// Trees are kept by their texts, so what is found in one is worth keeping with it.
const remembered = new WeakMap<Statement, FoundItems>();

function itemsOf(statement: Statement): FoundItems {
  const known = remembered.get(statement);
  if (known !== undefined) return known;
  const found: FoundItems = { stages: [], pivots: [], points: [] };
  collect(statement, found);
  remembered.set(statement, found);
  return found;
}

export function stageItems(statement: Statement): readonly StageItem[] {
  return itemsOf(statement).stages;
}

/** Trees are plain data: any object that says it is a stage is one. */
function collect(node: unknown, found: FoundItems): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found);
    return;
  }
  for (const value of Object.values(node)) collect(value, found);
  const { kind } = node as { kind?: unknown };
  if (kind === 'stage') found.stages.push(node as StageItem);
  if (kind === 'pivot') found.pivots.push(node as PivotItem);
  if (kind === 'timeTravel') found.points.push(node as TimeTravel);
}
