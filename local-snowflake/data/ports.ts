import type { ArgumentColumns } from '../sql/argument-columns.ts';
import type { ObjectName } from '../sql/identifier.ts';
import type { PackedColumn } from '../sql/packed-column.ts';
import type { Cell, ResultColumn, ResultSet } from '../sql/result-set.ts';
import type { SnowflakeType } from '../sql/types.ts';

/** What the data plane asks of whoever runs a statement. All methods see the statement's own session and privileges. */
export interface StatementPorts {
  readonly facts: StatementFacts;
  /** Bind values by key: `1`, `2`, … for `?` and `:1`; names, upper case, for scripting variables. */
  bind(key: string): TypedCell | undefined;
  /** Rows of a multi-row bind (the drivers' batch insert); 1 without. `bind` then answers for the first row. */
  readonly bindRows?: number;
  /** Value of a bind in row `row` (from 0) of a multi-row bind; all rows of one key have one type. */
  bindAt?(key: string, row: number): TypedCell;
  /** `$name` session variables, upper case. */
  variable(name: string): TypedCell | undefined;
  /**
   * The relation behind a name, after the privilege check.
   * @throws SnowflakeError `tableDoesNotExist`, `insufficientPrivileges`, `noCurrentSchema`
   */
  relation(name: ObjectName, access: RelationAccess): Relation;
  /** The sequence behind `name.NEXTVAL`, after the privilege check. @throws SnowflakeError `objectDoesNotExist` */
  sequence?(name: ObjectName): { readonly physicalName: string };
  /** A user-defined function that fits the arguments, or undefined when there is none of that name. */
  function(name: ObjectName, argumentTypes: readonly SnowflakeType[]): UserFunction | undefined;
  /**
   * Context and `SYSTEM$…` functions that live outside the data plane (task functions, notifications, presigned URLs …),
   * or undefined when there is none of that name. `returns` is known without running it.
   */
  systemFunction(name: ObjectName): SystemFunction | undefined;
  /** Table functions outside the data plane (`INFORMATION_SCHEMA.TASK_HISTORY`, `RESULT_SCAN`), or undefined. */
  tableFunction(name: ObjectName): TableFunction | undefined;
  /** Files at a stage location as written (`@db.s.stage/path`, `snow://…`), after the privilege check. */
  stageFiles(location: string): Promise<StageLocation>;
  /** Named file format's options, upper-case keys. @throws SnowflakeError `objectDoesNotExist` */
  fileFormat(name: ObjectName): FileFormatOptions;
  /** Runs a Python function over rows of arguments; the result has as many rows, in their order. */
  callPython(fn: PythonFunction, args: ArgumentColumns): Promise<PackedColumn>;
  /**
   * Runs a Python table function over rows of arguments in the order of their partitions, in batches; what it gives goes to
   * `take` as it comes.
   */
  callPythonTable(
    fn: PythonFunction,
    input: AsyncIterable<PartitionedRows>,
    take: (output: TableFunctionOutput) => Promise<void>,
  ): Promise<void>;
  /** When a statement ended, by its query id; epoch milliseconds. */
  statementEnd?(queryId: string): number | undefined;
  /** Aborted when the statement is cancelled or times out. */
  readonly signal: AbortSignal;
}

/** Rows of arguments; a partition may span batches, and a batch many partitions. */
export interface PartitionedRows extends ArgumentColumns {
  /** For each partition that ends in the batch: how many rows come before its end, ascending. */
  readonly ends: readonly number[];
}

export interface TableFunctionOutput {
  readonly rows: number;
  /**
   * 64-bit integers: index among all input rows of the one that the row belongs to; `-1 - p` when it belongs to partition p
   * (from 0) as a whole.
   */
  readonly sources: Uint8Array;
  readonly columns: readonly PackedColumn[];
}

export interface StatementFacts {
  /** The statement's start, epoch milliseconds: the value of CURRENT_TIMESTAMP. */
  readonly now: number;
  readonly user: string;
  readonly role: string | null;
  readonly warehouse: string | null;
  readonly database: string | null;
  readonly schema: string | null;
  readonly account: string;
  readonly accountName: string;
  readonly organization: string;
  readonly region: string;
  readonly version: string;
  readonly sessionId: number;
  readonly queryId: string;
  /** What context functions tell of the session beside; of a statement without one, nothing. */
  readonly session?: SessionFacts;
  /** IANA name, the TIMEZONE parameter. */
  readonly timezone: string;
  /** LAST_QUERY_ID(n): positive from the session's first statement, negative from its last. */
  lastQueryId?(index: number): string | undefined;
  /** Session parameters in force, upper-case names (TIMESTAMP_OUTPUT_FORMAT, WEEK_START …). */
  parameter(name: string): string | undefined;
}

/** Each is looked up when it is asked for. Roles are names, in the order of the alphabet. */
export interface SessionFacts {
  /** The text that the client sent. */
  readonly statement: string;
  /** Name and version of the client's driver. */
  readonly client: string | null;
  /** The client's IPv4 address. */
  readonly address: string | null;
  /** Owner of the view or function that the call stands in, else the session's role. */
  readonly invokerRole: string | null;
  /** Ids of the transaction that is open, and of the one that has ended last. */
  readonly transaction: string | null;
  readonly lastTransaction: string | null;
  readonly wantedSecondaryRoles: 'ALL' | 'NONE';
  /** Who has begun the session; `type` as SYS_CONTEXT spells it. */
  principal(): {
    readonly name: string;
    readonly type: string;
    readonly email: string | null;
    /** Of a task. */
    readonly database: string | null;
    readonly schema: string | null;
  };
  userNames(): readonly string[];
  /** Roles granted to the user, and those below them. */
  availableRoles(): readonly string[];
  /** Secondary roles that are active, without those below them. */
  secondaryRoles(): readonly string[];
  /** All roles whose privileges count, those inherited included. */
  activeRoles(): readonly string[];
  /** Those of the session's database among them; they are in none of the other lists. */
  activeDatabaseRoles(): readonly string[];
  /** `invokerRole` and the roles below it. */
  invokerRoles(): readonly string[];
}

export interface TypedCell {
  readonly type: SnowflakeType;
  readonly cell: Cell;
}

export type RelationAccess = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE';

export type Relation =
  /** A table in DuckDB; `physicalName` is in schema `main`, columns have the same names there unless `physical` says otherwise. */
  | {
      readonly kind: 'table';
      readonly physicalName: string;
      readonly columns: readonly TableColumn[];
      /** Whether changes of its rows are recorded. */
      readonly tracked?: boolean;
      /** When it was made, epoch milliseconds; undefined for what AT and BEFORE cannot look back at. */
      readonly createdOn?: number;
      /** For how long what it was is kept, milliseconds; 0 when it is not. */
      readonly retention?: number;
      readonly protection?: Protection;
    }
  /** What has changed in a table or a view since the stream was consumed. */
  | {
      readonly kind: 'stream';
      readonly id: string;
      readonly source: Extract<Relation, { kind: 'table' | 'view' }>;
      readonly appendOnly: boolean;
      /** Whether it was made to give, before all changes, the rows that were there. */
      readonly initialRows: boolean;
      /** Whether the table's rows are told apart by what is in them. */
      readonly byContent?: boolean;
      /** Whether METADATA$ROW_ID is empty. */
      readonly withoutRowIds?: boolean;
    }
  /** A view: its text is bound with `ports`, which carry the owner's privileges and the view's own database and schema. */
  | {
      readonly kind: 'view';
      readonly columns: readonly ResultColumn[];
      readonly text: string;
      readonly ports: StatementPorts;
      readonly protection?: Protection;
    }
  /** Rows made on demand (INFORMATION_SCHEMA, ACCOUNT_USAGE). */
  | {
      readonly kind: 'virtual';
      readonly columns: readonly ResultColumn[];
      readonly rows: () => ResultSet['rows'] | Promise<ResultSet['rows']>;
    };

/** The policies of a table or a view that hold for the session. */
export interface Protection {
  /** Masking policies by the column's place in the relation. */
  readonly masks: ReadonlyMap<number, AppliedPolicy>;
  /** The row access policy. */
  readonly rows?: AppliedPolicy;
}

export interface AppliedPolicy {
  readonly parameters: readonly { readonly name: string; readonly type: SnowflakeType }[];
  /** Places of the columns that the parameters stand for. */
  readonly columns: readonly number[];
  readonly returns: SnowflakeType;
  /** An expression. */
  readonly body: string;
  /** Its owner's rights over what the body reads; facts are the session's. */
  readonly ports: StatementPorts;
}

export interface TableColumn extends ResultColumn {
  /** Column name in DuckDB, unique without regard to case. */
  readonly physical: string;
  /** DEFAULT expression's text, as written. */
  readonly defaultText?: string;
  readonly identity?: { readonly start: number; readonly step: number };
}

export type UserFunction = SqlFunction | PythonFunction;

interface FunctionFacts {
  readonly name: ObjectName;
  /** `optional` ones are NULL when a call leaves them out. */
  readonly parameters: readonly { readonly name: string; readonly type: SnowflakeType; readonly optional?: true }[];
  readonly nullHandling: 'CALLED' | 'STRICT';
  readonly volatility: 'VOLATILE' | 'IMMUTABLE';
}

export interface SqlFunction extends FunctionFacts {
  readonly language: 'SQL';
  readonly returns: SnowflakeType | { readonly table: readonly ResultColumn[] };
  /** An expression or a query. */
  readonly body: string;
  readonly ports: StatementPorts;
}

export interface PythonFunction extends FunctionFacts {
  readonly language: 'PYTHON';
  readonly returns: SnowflakeType | { readonly table: readonly ResultColumn[] };
  /** Works over groups of rows: `callPythonTable` gives one row of one cell for each partition. */
  readonly aggregate?: true;
  /** Catalog id: whoever runs Python finds code, imports and packages by it. */
  readonly id: string;
}

export interface SystemFunction {
  readonly returns: SnowflakeType;
  /** Called once a statement, with constant arguments, when the statement runs (never for describe-only). */
  call(args: readonly TypedCell[]): Promise<Cell>;
  /** The function for so many arguments of which not all are constant; undefined, as without this, when they must be. */
  ofRows?(count: number): PythonFunction | undefined;
}

export interface TableFunction {
  /** Named arguments by upper-case name, positional ones as `1`, `2`, … */
  readonly columns: (args: ReadonlyMap<string, TypedCell>) => readonly ResultColumn[];
  rows(args: ReadonlyMap<string, TypedCell>): Promise<ResultSet['rows']>;
}

export interface StageLocation {
  /** How messages name it: `@DB.S.STAGE/path`. */
  readonly display: string;
  readonly files: readonly StageFile[];
  /** Writes a file below the location (unload, dataset versions): path relative to the location, absolute source on disk. */
  add(relativePath: string, sourcePath: string): Promise<void>;
  remove(file: StageFile): Promise<void>;
  /** The stage's own file format options, upper-case keys. */
  readonly fileFormat: FileFormatOptions;
}

export interface StageFile {
  /** As LIST and METADATA$FILENAME show it: relative to the stage's root (LIST itself puts the stage's name in front). */
  readonly name: string;
  /** Absolute path on this machine. */
  readonly path: string;
  readonly size: number;
  /** Hexadecimal, lower case. */
  readonly md5: string;
  readonly lastModified: number;
}

export type FileFormatOptions = Readonly<Record<string, string | number | boolean | readonly string[]>>;
