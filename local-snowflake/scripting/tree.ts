import type { TypedValue } from '../objects/extensions.ts';
import type { RoutineParameter, RoutineReturns } from '../objects/routine.ts';
import type { Token } from '../sql/lexer.ts';
import type { SnowflakeType } from '../sql/types.ts';

/**
 * The tree of a Snowflake Scripting block. Every `at` is an offset in the script's text; SQL and expressions stay text, with
 * their tokens, since the session runs them.
 */

/** A name where it stands; `name` is folded, `written` is as the script spells it. */
export interface NameAt {
  readonly name: string;
  readonly written: string;
  readonly at: number;
}

/** An expression's text and tokens; token offsets are those of the script. */
export interface Expression {
  readonly text: string;
  readonly at: number;
  readonly tokens: readonly Token[];
  /** How many `?` of the script stand in front of it. */
  readonly bindsBefore: number;
}

/** A SQL statement without its INTO clause. */
export interface SqlStatement {
  readonly kind: 'sql';
  readonly at: number;
  readonly text: string;
  readonly tokens: readonly Token[];
  /** How many `?` of the script stand in front of the statement. */
  readonly bindsBefore: number;
  readonly into: readonly NameAt[];
}

/** `CALL name(…) [INTO :v]`; `call` is the same as SQL, for a procedure that the script does not declare itself. */
export interface CallStatement {
  readonly kind: 'call';
  readonly at: number;
  readonly procedure: NameAt | undefined;
  readonly args: readonly Expression[];
  readonly sql: SqlStatement;
}

/** `EXECUTE IMMEDIATE text [USING (v, …)]` */
export interface ExecuteImmediate {
  readonly kind: 'executeImmediate';
  readonly at: number;
  readonly text: Expression;
  readonly using: readonly NameAt[];
  /** The text's value when it was worked out ahead: a child job must not see later ones. */
  readonly given?: TypedValue;
}

/** What runs as one statement. */
export type RunSource = SqlStatement | CallStatement | ExecuteImmediate;

/** `ASYNC ( statement )`: an asynchronous child job. */
export interface AsyncSource {
  readonly kind: 'async';
  readonly at: number;
  readonly source: RunSource;
}

/** What a RESULTSET is filled from. */
export type ResultSource = RunSource | AsyncSource;

export type Declaration =
  | {
      readonly kind: 'variable';
      readonly name: NameAt;
      readonly type: SnowflakeType | undefined;
      readonly value: Value | undefined;
    }
  | { readonly kind: 'cursor'; readonly name: NameAt; readonly source: NameAt | SqlStatement }
  | { readonly kind: 'resultset'; readonly name: NameAt; readonly source: ResultSource | undefined }
  | { readonly kind: 'exception'; readonly name: NameAt; readonly code: number; readonly message: string }
  | {
      readonly kind: 'procedure';
      readonly name: NameAt;
      readonly parameters: readonly RoutineParameter[];
      readonly returns: RoutineReturns;
      readonly body: Block;
    };

/** What is assigned. A parenthesised statement is also read as the source of a RESULTSET: only the target's kind tells which it is. */
export type Value =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly source: ResultSource | undefined }
  | { readonly kind: 'call'; readonly call: CallStatement };

export interface Branch {
  readonly condition: Expression;
  readonly body: readonly Statement[];
}

export interface Handler {
  /** Exceptions by name; OTHER, STATEMENT_ERROR and EXPRESSION_ERROR are among them. */
  readonly names: readonly NameAt[];
  readonly continues: boolean;
  readonly body: readonly Statement[];
}

export interface Block {
  readonly kind: 'block';
  readonly at: number;
  readonly declarations: readonly Declaration[];
  readonly body: readonly Statement[];
  readonly handlers: readonly Handler[];
  readonly label: string | undefined;
}

export type Loop =
  | {
      readonly kind: 'forRange';
      readonly at: number;
      readonly counter: NameAt;
      readonly reverse: boolean;
      readonly from: Expression;
      readonly to: Expression;
      readonly body: readonly Statement[];
      readonly label: string | undefined;
    }
  | {
      readonly kind: 'forRows';
      readonly at: number;
      readonly row: NameAt;
      readonly source: NameAt;
      readonly body: readonly Statement[];
      readonly label: string | undefined;
    }
  | {
      readonly kind: 'while';
      readonly at: number;
      readonly condition: Expression;
      readonly body: readonly Statement[];
      readonly label: string | undefined;
    }
  | {
      readonly kind: 'repeat';
      readonly at: number;
      readonly body: readonly Statement[];
      readonly until: Expression;
      readonly label: string | undefined;
    }
  | { readonly kind: 'loop'; readonly at: number; readonly body: readonly Statement[]; readonly label: string | undefined };

export type Statement =
  | Block
  | Loop
  | SqlStatement
  | CallStatement
  | ExecuteImmediate
  | AsyncSource
  /** `AWAIT r`, or `AWAIT ALL` without a name. */
  | { readonly kind: 'await'; readonly at: number; readonly resultset: NameAt | undefined }
  | { readonly kind: 'cancel'; readonly at: number; readonly resultset: NameAt }
  | { readonly kind: 'let'; readonly at: number; readonly declaration: Declaration }
  /** `operatorAt` is where `:=` stands: a wrong target is reported there. */
  | { readonly kind: 'assign'; readonly at: number; readonly target: NameAt; readonly operatorAt: number; readonly value: Value }
  | {
      readonly kind: 'if';
      readonly at: number;
      readonly branches: readonly Branch[];
      readonly otherwise: readonly Statement[] | undefined;
    }
  | {
      readonly kind: 'case';
      readonly at: number;
      /** Undefined for the searched form. */
      readonly operand: Expression | undefined;
      readonly branches: readonly Branch[];
      readonly otherwise: readonly Statement[] | undefined;
    }
  | { readonly kind: 'leave'; readonly at: number; readonly how: 'break' | 'continue'; readonly label: NameAt | undefined }
  | { readonly kind: 'open'; readonly at: number; readonly cursor: NameAt; readonly using: readonly Expression[] }
  | { readonly kind: 'fetch'; readonly at: number; readonly cursor: NameAt; readonly into: readonly NameAt[] }
  | { readonly kind: 'close'; readonly at: number; readonly cursor: NameAt }
  | { readonly kind: 'return'; readonly at: number; readonly value: Expression | undefined }
  /** `RETURN TABLE(resultset)` or `RETURN TABLE(RESULTSET_FROM_CURSOR(cursor))` */
  | { readonly kind: 'returnTable'; readonly at: number; readonly source: NameAt; readonly cursor: boolean }
  | { readonly kind: 'raise'; readonly at: number; readonly exception: NameAt | undefined }
  | { readonly kind: 'null'; readonly at: number };
