import type { Statement } from '../syntax/tree.ts';
import type { DmlResult } from './dml-result.ts';
import { runDelete, runTruncate } from './run-delete.ts';
import { runInsert } from './run-insert.ts';
import { runMerge } from './run-merge.ts';
import { runMultiInsert } from './run-multi-insert.ts';
import { runUpdate } from './run-update.ts';
import type { StatementFrame } from './statement-frame.ts';

export type DmlStatement = Exclude<Statement, { kind: 'query' }>;

export const dmlKinds = {
  insert: 'INSERT',
  multiInsert: 'MULTI_INSERT',
  update: 'UPDATE',
  delete: 'DELETE',
  merge: 'MERGE',
  truncate: 'TRUNCATE',
} as const satisfies Record<DmlStatement['kind'], string>;

export function runDml(statement: DmlStatement, frame: StatementFrame): Promise<DmlResult> {
  switch (statement.kind) {
    case 'insert':
      return runInsert(statement, frame);
    case 'update':
      return runUpdate(statement, frame);
    case 'delete':
      return runDelete(statement, frame);
    case 'merge':
      return runMerge(statement, frame);
    case 'truncate':
      return runTruncate(statement, frame);
    case 'multiInsert':
      return runMultiInsert(statement, frame);
  }
}
