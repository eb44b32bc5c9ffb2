import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { ResultColumn, ResultSet, Cell } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type { SnowflakeType } from '../sql/types.ts';
import type { ObjectScope } from './object-scope.ts';

/** A statement that no kind's grammar covers, found by its first words: `SHOW VERSIONS`, `EXECUTE TASK`. */
export interface StatementDefinition {
  /** Upper-case words that the statement begins with. */
  readonly words: string;
  /** Documentation page, without its folder. */
  readonly page: string;
  /** Whether it is this statement at all, for words that another one may begin with; `stream` stands in front of them. */
  readonly applies?: (stream: TokenStream) => boolean;
  /** It is there to be refused by its name. */
  readonly refused?: true;
  /** `stream` stands behind the words. */
  readonly run: (stream: TokenStream, scope: ObjectScope) => Promise<ResultSet> | ResultSet;
}

/** A value with its type, as functions take and give it. */
export interface TypedValue {
  readonly type: SnowflakeType;
  readonly cell: Cell;
}

/** A function that reads or changes the account: `SYSTEM$…`, `ENTITY_DETAIL`. Arguments are constant for a statement. */
export interface SystemFunctionDefinition {
  /** Upper case; qualified ones with dots, `SNOWFLAKE.NOTIFICATION.TEXT_PLAIN`. */
  readonly name: string;
  readonly page: string;
  /** It is there to be refused by its name. */
  readonly refused?: true;
  readonly returns: SnowflakeType;
  /** Types of its arguments, when they may also be values of rows: it is then called for each row, unless one is NULL. */
  readonly parameters?: readonly SnowflakeType[];
  readonly call: (args: readonly TypedValue[], scope: ObjectScope) => Promise<Cell> | Cell;
}

/** A table function of INFORMATION_SCHEMA, or a built-in one that reads the account. */
export interface TableFunctionDefinition {
  /** Upper case, without INFORMATION_SCHEMA. */
  readonly name: string;
  readonly page: string;
  /** It is there to be refused by its name. */
  readonly refused?: true;
  readonly columns: readonly ResultColumn[];
  /** Named arguments by upper-case name, positional ones as `1`, `2`, … */
  readonly rows: (args: ReadonlyMap<string, TypedValue>, scope: ObjectScope) => Promise<ResultSet['rows']> | ResultSet['rows'];
}

/** A view that the system keeps: INFORMATION_SCHEMA.TABLES, SNOWFLAKE.ACCOUNT_USAGE.USERS. */
export interface SystemViewDefinition {
  readonly schema: 'INFORMATION_SCHEMA' | 'ACCOUNT_USAGE';
  readonly name: string;
  readonly page: string;
  readonly columns: readonly ResultColumn[];
  /** `database` is the one whose INFORMATION_SCHEMA is read. */
  readonly rows: (scope: ObjectScope, database: string | undefined) => Promise<ResultSet['rows']> | ResultSet['rows'];
}

/** `CALL object!METHOD(…)` */
export interface MethodDefinition {
  /** Upper case. */
  readonly name: string;
  /** Kind of the object that has it. */
  readonly kind: string;
  readonly page: string;
  /** Any one of these, or OWNERSHIP, is needed on the object. */
  readonly privileges: readonly string[];
  readonly returns: SnowflakeType;
  readonly call: (object: CatalogObject, args: readonly TypedValue[], scope: ObjectScope) => Promise<Cell> | Cell;
}

/** Rows of SHOW VERSIONS for a kind whose objects have versions. */
export interface VersionListing {
  readonly kind: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: (
    object: CatalogObject,
    scope: ObjectScope,
  ) => readonly { readonly name: string; readonly cells: readonly Cell[] }[];
}

/** What a part of the local Snowflake adds to it. */
export interface Extension {
  readonly statements?: readonly StatementDefinition[];
  readonly systemFunctions?: readonly SystemFunctionDefinition[];
  readonly tableFunctions?: readonly TableFunctionDefinition[];
  readonly systemViews?: readonly SystemViewDefinition[];
  readonly methods?: readonly MethodDefinition[];
  readonly versionListings?: readonly VersionListing[];
}
