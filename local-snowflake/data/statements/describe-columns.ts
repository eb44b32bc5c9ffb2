import { column, type ResultColumn } from '../../sql/result-set.ts';
import { types } from '../../sql/types.ts';
import type { Statement } from '../syntax/tree.ts';

/** What a DML statement's answer looks like, without running it. */
export function describeColumns(statement: Exclude<Statement, { kind: 'query' }>): ResultColumn[] {
  return columnNames(statement).map((name) => (name === 'status' ? column(name) : column(name, types.number(38, 0), false)));
}

function columnNames(statement: Exclude<Statement, { kind: 'query' }>): string[] {
  switch (statement.kind) {
    case 'insert':
      return ['number of rows inserted'];
    case 'multiInsert': {
      const targets = [...statement.branches.flatMap((branch) => branch.targets), ...statement.otherwise];
      return targets.map(
        ({ table }) => `number of rows inserted into ${table.kind === 'name' ? (table.parts.at(-1)?.name ?? '') : ''}`,
      );
    }
    case 'update':
      return ['number of rows updated', 'number of multi-joined rows updated'];
    case 'delete':
      return ['number of rows deleted'];
    case 'merge': {
      const kinds = new Set(statement.clauses.map((clause) => clause.action.kind));
      return (['insert', 'update', 'delete'] as const)
        .filter((kind) => kinds.has(kind))
        .map((kind) => `number of rows ${kind}${kind === 'insert' ? 'ed' : 'd'}`);
    }
    case 'truncate':
      return ['status'];
  }
}
