import { bindQuery } from '../bind/bind-query.ts';
import { itemOptions, openStage, type StageItem, type StageSource } from '../copy/stage-source.ts';
import type { ChangeLog } from '../changes/change-log.ts';
import { readCells } from '../duckdb/run.ts';
import type { WatchedConnection } from '../duckdb/watched-connection.ts';
import type { StatementPorts } from '../ports.ts';
import type { PivotItem, PivotValue, Query, Statement } from '../syntax/tree.ts';
import { wireSql } from './run-query.ts';
import { StatementFrame } from './statement-frame.ts';

/** What must be known before a statement can be bound, since binding is synchronous. */
export interface ReadAhead {
  /** The stages it names, opened. */
  readonly stages: ReadonlyMap<StageItem, StageSource>;
  /** Values that PIVOT … IN (ANY) or (SELECT …) turns into columns. */
  readonly pivots: ReadonlyMap<PivotItem, readonly PivotValue[]>;
}

export const nothingAhead: ReadAhead = { stages: new Map(), pivots: new Map() };

export async function readAhead(
  statement: Statement,
  ports: StatementPorts,
  connection: WatchedConnection,
  log: ChangeLog,
): Promise<ReadAhead> {
  const found = itemsOf(statement);
  if (found.stages.length === 0 && found.pivots.length === 0) return nothingAhead;
  const stages = new Map<StageItem, StageSource>();
  for (const item of found.stages)
    stages.set(item, await openStage(item.location, itemOptions(item.args, ports), ports, connection));
  const pivots = new Map<PivotItem, readonly PivotValue[]>();
  for (const item of found.pivots) {
    if ('body' in item.values) pivots.set(item, await pivotValues(item.values, { stages, pivots }, ports, connection, log));
  }
  return { stages, pivots };
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
    return rows.map(([cell]) => ({
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

interface FoundItems {
  readonly stages: StageItem[];
  /** Inner ones before those around them. */
  readonly pivots: PivotItem[];
}

// Trees are kept by their texts, so what is found in one is worth keeping with it.
const remembered = new WeakMap<Statement, FoundItems>();

function itemsOf(statement: Statement): FoundItems {
  const known = remembered.get(statement);
  if (known !== undefined) return known;
  const found: FoundItems = { stages: [], pivots: [] };
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
}
