import type { SnowflakeType } from '../../sql/types.ts';

/**
 * Our own syntax tree: what the binder understands, and nothing else. It is made from the parser library's tree, so that
 * the library's shapes stay in this folder.
 */

/** Line and column of a statement's text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Identifier {
  /** Folded: upper case unless it was quoted. */
  readonly name: string;
  readonly quoted: boolean;
  readonly at?: Position;
}

/** A name in a statement: written out, or given as a value (`IDENTIFIER(?)`, `TABLE($v)`), which the binder reads. */
export type NameReference =
  | { readonly kind: 'name'; readonly parts: readonly Identifier[] }
  | { readonly kind: 'computed'; readonly value: Expression };

export type PathStep = { readonly key: string } | { readonly index: Expression };

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean | undefined;
}

/** ORDER BY ALL: by each output column, in their order. */
export interface OrderAll extends Omit<OrderItem, 'expression'> {
  readonly kind: 'all';
}

export type OrderBy = readonly OrderItem[] | OrderAll;

export type FrameBound =
  | { readonly kind: 'current' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expression | undefined };

export interface Window {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame:
    | { readonly units: 'ROWS' | 'RANGE' | 'GROUPS'; readonly start: FrameBound; readonly end: FrameBound | undefined }
    | undefined;
}

export interface Star {
  readonly kind: 'star';
  readonly relation: readonly Identifier[];
  readonly exclude: readonly Identifier[];
  readonly rename: readonly { readonly from: Identifier; readonly to: Identifier }[];
  readonly replace: readonly { readonly expression: Expression; readonly name: Identifier }[];
  readonly ilike: string | undefined;
}

export interface Argument {
  /** Upper case; undefined for a positional argument. */
  readonly name: string | undefined;
  readonly value: Expression | Star;
}

export interface Call {
  readonly kind: 'call';
  readonly name: NameReference;
  readonly args: readonly Argument[];
  readonly distinct: boolean;
  readonly withinGroup: readonly OrderItem[];
  readonly over: Window | undefined;
  readonly nulls: 'IGNORE' | 'RESPECT' | undefined;
  /** Written without parentheses (`CURRENT_DATE`). */
  readonly bare: boolean;
}

/** What a cast may do to the fields of an OBJECT. https://docs.snowflake.com/en/sql-reference/functions/cast */
export type FieldChange = 'RENAME' | 'ADD';

export type Expression =
  | { readonly kind: 'column'; readonly parts: readonly Identifier[] }
  | { readonly kind: 'ordinal'; readonly relation: Identifier | undefined; readonly index: number }
  | { readonly kind: 'literal'; readonly literal: 'number' | 'string' | 'boolean' | 'null' | 'binary'; readonly text: string }
  | { readonly kind: 'bind'; readonly key: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'path'; readonly of: Expression; readonly steps: readonly PathStep[] }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | 'NOT'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'is'; readonly of: Expression; readonly what: 'NULL' | 'TRUE' | 'FALSE'; readonly negated: boolean }
  | { readonly kind: 'distinctFrom'; readonly left: Expression; readonly right: Expression; readonly negated: boolean }
  | { readonly kind: 'in'; readonly of: Expression; readonly list: readonly Expression[]; readonly negated: boolean }
  | { readonly kind: 'inQuery'; readonly of: Expression; readonly query: Query; readonly negated: boolean }
  | {
      readonly kind: 'quantified';
      readonly operator: string;
      readonly quantifier: 'ANY' | 'ALL';
      readonly left: Expression;
      readonly query: Query;
    }
  | {
      readonly kind: 'between';
      readonly of: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | LikeExpression
  | {
      readonly kind: 'case';
      readonly operand: Expression | undefined;
      readonly whens: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | undefined;
    }
  | {
      readonly kind: 'cast';
      readonly of: Expression;
      readonly type: SnowflakeType;
      readonly attempt: boolean;
      readonly fields?: FieldChange | undefined;
    }
  | Call
  | { readonly kind: 'subquery'; readonly query: Query }
  | { readonly kind: 'exists'; readonly query: Query; readonly negated: boolean }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: string; readonly value: Expression }[] }
  | {
      readonly kind: 'lambda';
      readonly parameters: readonly { readonly name: string; readonly type: SnowflakeType | undefined }[];
      readonly body: Expression;
    }
  | { readonly kind: 'interval'; readonly text: string };

export interface LikeExpression {
  readonly kind: 'like';
  readonly form: 'LIKE' | 'ILIKE' | 'RLIKE';
  readonly of: Expression;
  readonly patterns: readonly Expression[];
  readonly quantifier: 'ANY' | 'ALL';
  readonly escape: string | undefined;
  readonly negated: boolean;
}

export type SelectItem =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly alias: Identifier | undefined; readonly label: string }
  | Star;

export type GroupItem =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'sets' | 'rollup' | 'cube'; readonly sets: readonly (readonly Expression[])[] };

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly top: Expression | undefined;
  readonly items: readonly SelectItem[];
  readonly from: readonly FromItem[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly GroupItem[] | 'ALL';
  readonly having: Expression | undefined;
  readonly qualify: Expression | undefined;
}

export type QueryBody =
  | Select
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'nested'; readonly query: Query }
  | {
      readonly kind: 'set';
      readonly operator: 'UNION' | 'EXCEPT' | 'INTERSECT';
      readonly all: boolean;
      readonly byName: boolean;
      readonly left: QueryBody;
      readonly right: QueryBody;
    };

export interface CommonTable {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export interface Query {
  readonly recursive: boolean;
  readonly commonTables: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: OrderBy;
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
}

export interface TableAlias {
  readonly name: Identifier | undefined;
  readonly columns: readonly Identifier[];
}

export interface Sample {
  readonly size: Expression;
  readonly unit: 'PERCENT' | 'ROWS';
  readonly method: 'BERNOULLI' | 'SYSTEM';
  readonly seed: number | undefined;
}

export type JoinKind = 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'ASOF';

/** AT (inclusive) or BEFORE. https://docs.snowflake.com/en/sql-reference/constructs/at-before */
export interface TimeTravel {
  readonly kind: 'timeTravel';
  readonly inclusive: boolean;
  readonly by: 'TIMESTAMP' | 'OFFSET' | 'STATEMENT';
  readonly value: Expression;
}

/** https://docs.snowflake.com/en/sql-reference/constructs/changes */
export interface ChangesClause {
  readonly appendOnly: boolean;
  /** A point in the past, or the name of a stream whose offset it is. */
  readonly at: TimeTravel | string;
  readonly end: TimeTravel | undefined;
}

export type FromItem =
  | {
      readonly kind: 'table';
      readonly name: NameReference;
      readonly alias: TableAlias;
      readonly sample: Sample | undefined;
      readonly past?: TimeTravel | undefined;
      readonly changes?: ChangesClause | undefined;
    }
  | { readonly kind: 'stage'; readonly location: string; readonly args: readonly Argument[]; readonly alias: TableAlias }
  | {
      readonly kind: 'derived';
      readonly query: Query;
      readonly lateral: boolean;
      readonly alias: TableAlias;
      readonly sample: Sample | undefined;
    }
  | { readonly kind: 'function'; readonly call: Call; readonly alias: TableAlias }
  | {
      readonly kind: 'join';
      readonly join: JoinKind;
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on: Expression | undefined;
      readonly using: readonly Identifier[];
      readonly natural: boolean;
      readonly match: Expression | undefined;
    }
  | PivotItem
  | MatchItem
  | {
      readonly kind: 'unpivot';
      readonly source: FromItem;
      readonly value: Identifier;
      readonly name: Identifier;
      readonly columns: readonly { readonly column: Identifier; readonly alias: string | undefined }[];
      readonly includeNulls: boolean;
      readonly alias: TableAlias;
    };

/** https://docs.snowflake.com/en/sql-reference/constructs/match_recognize */
export interface MatchItem {
  readonly kind: 'match';
  readonly source: FromItem;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly measures: readonly { readonly expression: Expression; readonly alias: Identifier }[];
  /** ONE ROW PER MATCH, or ALL ROWS with what is left out or added. */
  readonly rows: 'ONE' | 'SHOW' | 'OMIT' | 'UNMATCHED';
  readonly skip: MatchSkip;
  /** As written, see native/row-pattern.ts. */
  readonly pattern: string;
  readonly definitions: readonly { readonly symbol: Identifier; readonly condition: Expression }[];
  readonly alias: TableAlias;
}

/** Where matching goes on after a match. */
export type MatchSkip = { readonly to: 'PAST' | 'NEXT' } | { readonly to: 'FIRST' | 'LAST'; readonly symbol: string };

export interface PivotValue {
  readonly value: Expression;
  readonly alias: Identifier | undefined;
}

export interface PivotItem {
  readonly kind: 'pivot';
  readonly source: FromItem;
  readonly aggregate: Call;
  /** Appended to the columns' names. */
  readonly aggregateAlias: Identifier | undefined;
  readonly column: Identifier;
  /** Values written out, or those of a query (`ANY` is a query of the source). */
  readonly values: readonly PivotValue[] | Query;
  readonly defaultOnNull: Expression | undefined;
  readonly alias: TableAlias;
}

export interface Assignment {
  readonly column: Identifier;
  readonly value: Expression;
}

export interface InsertTarget {
  readonly table: NameReference;
  readonly columns: readonly Identifier[];
}

export interface MergeClause {
  readonly matched: boolean;
  readonly condition: Expression | undefined;
  readonly action:
    | { readonly kind: 'delete' }
    | { readonly kind: 'update'; readonly assignments: readonly Assignment[] }
    | { readonly kind: 'insert'; readonly columns: readonly Identifier[]; readonly values: readonly Expression[] };
}

export interface MultiInsertBranch {
  readonly condition: Expression | undefined;
  readonly targets: readonly (InsertTarget & { readonly values: readonly Expression[] | undefined })[];
}

export type Statement =
  | { readonly kind: 'query'; readonly query: Query }
  | ({ readonly kind: 'insert'; readonly source: Query; readonly overwrite: boolean } & InsertTarget)
  | {
      readonly kind: 'multiInsert';
      readonly first: boolean;
      readonly overwrite: boolean;
      readonly branches: readonly MultiInsertBranch[];
      readonly otherwise: MultiInsertBranch['targets'];
      readonly source: Query;
    }
  | {
      readonly kind: 'update';
      readonly table: NameReference;
      readonly alias: TableAlias;
      readonly assignments: readonly Assignment[];
      readonly from: readonly FromItem[];
      readonly where: Expression | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly table: NameReference;
      readonly alias: TableAlias;
      readonly using: readonly FromItem[];
      readonly where: Expression | undefined;
    }
  | {
      readonly kind: 'merge';
      readonly table: NameReference;
      readonly alias: TableAlias;
      readonly source: FromItem;
      readonly on: Expression;
      readonly clauses: readonly MergeClause[];
    }
  | { readonly kind: 'truncate'; readonly table: NameReference; readonly ifExists: boolean };
