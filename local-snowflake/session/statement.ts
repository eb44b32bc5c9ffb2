import type { TypedValue } from '../objects/extensions.ts';
import { type ResultSet, statusResult } from '../sql/result-set.ts';
import { type BindSource, TokenStream } from '../sql/token-stream.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { DownloadOutcome, UploadOutcome } from './service.ts';
import type { SessionState } from './session-state.ts';
import type { StatementScope } from './statement-scope.ts';

/** One statement on its way: its text, its values, the scope that it sees. */
export interface Statement {
  readonly text: string;
  readonly scope: StatementScope;
  readonly state: SessionState;
  /** By key: `1`, `2`, … for `?` and `:1`; upper-case names for scripting variables. */
  readonly binds: ReadonlyMap<string, TypedValue>;
  /** All rows of a batch bind (`INSERT … VALUES (?, ?)` with an array for each `?`); `binds` is the first. */
  readonly bindRows?: readonly ReadonlyMap<string, TypedValue>[];
  readonly describeOnly: boolean;
  /** How deep in procedures and blocks; bounds endless recursion. */
  readonly depth: number;
  /** The file that it is in, when EXECUTE IMMEDIATE FROM runs it. */
  readonly file?: RunningFile;
  /** Takes the output arguments of a CALL, by their position in it. */
  readonly output?: (index: number, value: TypedValue) => void;
}

/** A file of a stage whose statements run. */
export interface RunningFile {
  /** As it was written, `@db.schema.stage`. */
  readonly stage: string;
  readonly path: string;
  /** How many files run one inside the other. */
  readonly depth: number;
}

/** Statement type numbers as drivers know them. */
export const statementTypes = {
  select: 0x1000,
  insert: 0x3100,
  update: 0x3200,
  delete: 0x3300,
  merge: 0x3400,
  multiInsert: 0x3500,
  copy: 0x3600,
  show: 0x4000,
  describe: 0x4100,
  ddl: 0x6000,
  control: 0x5000,
  call: 0x7000,
  transfer: 0x8000,
  multi: 0xa000,
} as const;

export type StatementResult =
  | { readonly kind: 'result'; readonly typeId: number; readonly result: ResultSet }
  | ({ readonly kind: 'upload'; readonly typeId: number } & Pick<
      UploadOutcome,
      'sources' | 'autoCompress' | 'overwrite' | 'sourceCompression' | 'parallel' | 'threshold' | 'target'
    >)
  | ({ readonly kind: 'download'; readonly typeId: number } & Pick<
      DownloadOutcome,
      'sources' | 'localLocation' | 'parallel' | 'target'
    >);

/** Handles a family of statements. `stream` stands behind the words that named it. */
export type StatementHandler = (stream: TokenStream, statement: Statement) => Promise<StatementResult> | StatementResult;

export function streamOf(statement: Statement): TokenStream {
  return new TokenStream(statement.text, bindSource(statement));
}

function bindSource(statement: Statement): BindSource {
  return (token, ordinal) => {
    const key = token.text === '?' ? String(ordinal + 1) : token.value.slice(1);
    const bound = statement.binds.get(key);
    if (bound === undefined || bound.cell === null) throw SnowflakeError.of('bindVariableNotSet', { name: token.text });
    return bound.cell;
  };
}

export function ddl(message: string): StatementResult {
  return { kind: 'result', typeId: statementTypes.ddl, result: statusResult(message) };
}

export function control(message = 'Statement executed successfully.'): StatementResult {
  return { kind: 'result', typeId: statementTypes.control, result: statusResult(message) };
}

export function rows(typeId: number, result: ResultSet): StatementResult {
  return { kind: 'result', typeId, result };
}
