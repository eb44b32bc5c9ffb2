import type { ResultColumn } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';

/** A file or folder of an IMPORTS clause, resolved by whoever keeps the stages. */
export interface ImportedFile {
  /** Base name, as the code finds it in its import directory. */
  readonly name: string;
  /** Absolute path on this machine. */
  readonly path: string;
}

/** What CREATE FUNCTION or CREATE PROCEDURE … LANGUAGE PYTHON says of the code. */
export interface PythonCode {
  /** Name for messages: `DB.SCHEMA.NAME`, or as the statement names it. */
  readonly name: string;
  /** `function` of the inline source, or `module.function` of an import. */
  readonly handler: string;
  /** Inline source (AS $$…$$); undefined when the code comes with IMPORTS. */
  readonly source?: string;
  readonly imports: readonly ImportedFile[];
  /** Entries of PACKAGES as written, `xgboost`, `pandas==2.3.3`. */
  readonly packages: readonly string[];
}

export type PythonReturns = SnowflakeType | { readonly table: readonly ResultColumn[] };

/** A return type as the worker reads it: columns of a table by their types alone. */
export function returnsForWorker(returns: PythonReturns): unknown {
  return 'table' in returns ? { table: returns.table.map((each) => each.type) } : returns;
}
