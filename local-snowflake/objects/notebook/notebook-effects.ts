import type { ObjectScope } from '../object-scope.ts';

/** A run of a notebook, in the session's name. */
export interface NotebookOrder {
  readonly name: string;
  readonly database: string;
  readonly schema: string;
  /** Text of the .ipynb file. */
  readonly text: string;
  readonly arguments: readonly string[];
  /** Name of the warehouse. */
  readonly warehouse: string;
  /** Name of the compute pool on a node of which Python runs; null for the warehouse. */
  readonly pool: string | null;
}

export interface NotebookRun {
  /** The notebook with its cells' outputs, as .ipynb. */
  readonly text: string;
  /** What the cell raised that ended the run; undefined when all ran. */
  readonly failure:
    | {
        readonly cell: string;
        readonly number: number;
        readonly type: string;
        readonly message: string;
        readonly traceback: string;
      }
    | undefined;
}

/** Notebooks as they run: implemented by the runtime. */
export interface NotebookEffects {
  /** Runs every cell, to the first that fails. @throws SnowflakeError `pythonProcessLost`, `queryCancelled` */
  run(order: NotebookOrder, scope: ObjectScope): Promise<NotebookRun>;
}
