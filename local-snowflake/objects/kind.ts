import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Cell, ResultSet } from '../sql/result-set.ts';
import type { TokenStream } from '../sql/token-stream.ts';
import type { SnowflakeType } from '../sql/types.ts';
import type { Cloning } from './cloning.ts';
import type { ObjectScope } from './object-scope.ts';
import type { PropertyTable } from './property.ts';

export type Scope = 'account' | 'database' | 'schema';

/** A column of SHOW, with where its value comes from. */
export interface ShowColumn {
  readonly name: string;
  /** Text unless said otherwise. */
  readonly type?: SnowflakeType;
  readonly value: (object: CatalogObject, scope: ObjectScope) => Cell | Promise<Cell>;
}

/** What CREATE made of a statement, before the object exists. Kinds with a grammar of their own fill it. */
export interface Draft {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly signature?: string;
  readonly comment?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Owner role's id when it is not the creating role (a clone, an import). */
  readonly owner?: string | null;
  /** Id to give the object, when something outside the catalog was already made under it. */
  readonly id?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** COPY GRANTS */
  readonly copyGrants?: boolean;
  /** The kind's own grammar has read the whole statement; nothing shared may follow. */
  readonly complete?: boolean;
}

export interface CreateRequest {
  /** Folded words such as TEMPORARY, TRANSIENT, SECURE that stood in front of the kind. */
  readonly modifiers: ReadonlySet<string>;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly orAlter: boolean;
  readonly name: string;
  readonly parent: CatalogObject | null;
  /** The object that OR REPLACE is about to replace. */
  readonly existing: CatalogObject | undefined;
  /** The statement as written. */
  readonly statement: string;
}

/** A change that ALTER asks for. `message` is the answer's status when it is not Snowflake's usual one. */
export interface Alteration {
  readonly object: CatalogObject;
  readonly message?: string;
  /** The answer, where it is more than a status. */
  readonly result?: ResultSet;
}

export interface Action {
  /** Any of these privileges, or OWNERSHIP, is needed. */
  readonly privileges: readonly string[];
  /** Reads what stands behind the action's words, checks and acts; returns the new version. */
  run(object: CatalogObject, stream: TokenStream, scope: ObjectScope): Promise<Alteration> | Alteration;
}

/** Another form of SHOW. */
export interface Listing {
  /** Documentation page, without its folder. */
  readonly page: string;
  readonly lists: NonNullable<Kind['listed']>;
  /** Columns that it leaves out. */
  readonly without: readonly string[];
  /** What it lists instead of the objects as they are now. */
  readonly objects?: () => readonly CatalogObject[];
  readonly show?: readonly ShowColumn[];
  readonly showIn?: NonNullable<Kind['showIn']>;
}

/** What CREATE OR ALTER makes of an object that is there. */
export type OrAlter = (
  existing: CatalogObject,
  draft: Draft,
  request: CreateRequest,
  scope: ObjectScope,
) => Promise<Draft['properties']> | Draft['properties'];

/**
 * Everything the local Snowflake knows of one kind of object. Grammar, SHOW and DESCRIBE, filters, GRANT targets, tests and
 * docs/compatibility.md are derived from it.
 */
export interface Kind {
  /** As statements name it, `COMPUTE POOL`. */
  readonly name: string;
  readonly plural: string;
  /** Other words for the kind: FUNCTION for EXTERNAL FUNCTION, INTEGRATION for NOTIFICATION INTEGRATION. */
  readonly aliases?: readonly string[];
  readonly pluralAliases?: readonly string[];
  readonly scope: Scope;
  /** Tells the kind from a shorter one whose object is called as its last word is (`TASK graph`); what it names comes `ahead`. */
  readonly followedByName?: (stream: TokenStream, ahead: number) => boolean;
  /** Documentation page of CREATE, without its folder: `create-compute-pool`. */
  readonly page: string;
  readonly createPrivilege: string;
  /** Privileges that can be granted on it, besides OWNERSHIP. */
  readonly privileges: readonly string[];
  /** Other privileges of the account that allow CREATE. */
  readonly createPrivilegeAlternatives?: readonly string[];
  /** Whether CREATE TEMPORARY needs the privilege too. */
  readonly createPrivilegeWhenTemporary?: boolean;
  /** Privileges besides OWNERSHIP that allow DROP. */
  readonly dropPrivileges?: readonly string[];
  /** How messages name it, when not by the kind's name. */
  readonly title?: string;
  /** Whether CREATE takes OR REPLACE; true unless said otherwise. */
  readonly orReplace?: boolean;
  /**
   * Whether CREATE takes OR ALTER; false unless said otherwise. `true`: the kind's `readCreate` merges with what exists. `PROPERTIES`: the
   * kind's properties become those of the statement. A function makes the new version itself.
   */
  readonly orAlter?: boolean | 'PROPERTIES' | OrAlter;
  /** Words that may stand in front of the kind in CREATE. */
  readonly modifiers?: readonly string[];
  readonly properties: PropertyTable;
  /** Parameters that can be set on objects of the kind. */
  readonly parameters?: readonly string[];
  /** Privilege, besides OWNERSHIP, that allows ALTER … SET. */
  readonly alterPrivilege?: string;
  /** The privilege of the account that stands for OWNERSHIP in the form of ALTER that comes; undefined when none does. */
  readonly accountPrivilege?: (stream: TokenStream) => string | undefined;
  /** Objects of the kind may share a name when their argument types differ. */
  readonly overloaded?: boolean;
  /** Kinds whose objects this one's ALTER works on as well. */
  readonly alsoAlters?: readonly string[];
  /** Whether ALTER … RENAME TO is taken; true unless said otherwise. */
  readonly renamable?: boolean;
  /** Whether GRANT OWNERSHIP can pass it on; true unless said otherwise. */
  readonly ownershipTransferable?: boolean;
  /** Adjusts an object whose owner is about to change; `bulk` for GRANT OWNERSHIP ON ALL …. */
  readonly ownerChanging?: (
    after: CatalogObject,
    before: CatalogObject,
    scope: ObjectScope,
    how: { readonly bulk: boolean },
  ) => Promise<CatalogObject> | CatalogObject;
  /** Reads a form of `SHOW … IN` of the kind's own (`IN COMPUTE POOL p`); undefined when what comes is a usual one. */
  readonly showIn?: (stream: TokenStream, scope: ObjectScope) => ((object: CatalogObject) => boolean) | undefined;
  /** Reads a filter of the kind's own behind IN (`ROOT ONLY`). */
  readonly showFilter?: (stream: TokenStream, scope: ObjectScope) => ((object: CatalogObject) => boolean) | undefined;
  /** Other forms of SHOW, by all their words (`JOB SERVICES`): which objects they list, and columns that they leave out. */
  readonly listings?: Readonly<Record<string, Listing>>;
  /** The error of ALTER for a name that is not there, where it is not the usual one. */
  readonly alterMissing?: (name: string) => SnowflakeError;
  /** Keeps an object out of SHOW. */
  readonly listed?: (object: CatalogObject, scope: ObjectScope) => boolean;
  readonly actions?: Readonly<Record<string, Action>>;
  /** Reads all that stands behind the name in CREATE, for kinds that are more than a list of properties. */
  readonly readCreate?: (stream: TokenStream, request: CreateRequest, scope: ObjectScope) => Promise<Draft> | Draft;
  /** Clauses that stand among CREATE's properties, by their first words: what they read is merged into the properties. */
  readonly clauses?: Readonly<Record<string, (stream: TokenStream, scope: ObjectScope) => Readonly<Record<string, unknown>>>>;
  /** Tries to read an ALTER form of the kind's own; undefined when what comes is not one. */
  readonly readAlter?: (
    object: CatalogObject,
    stream: TokenStream,
    scope: ObjectScope,
  ) => Promise<Alteration | undefined> | Alteration | undefined;
  /** Columns of SHOW; empty for kinds that SHOW does not list. */
  readonly show: readonly ShowColumn[];
  /** Columns of SHOW TERSE where they are not the usual ones. */
  readonly terse?: readonly ShowColumn[];
  /** What DESCRIBE answers; without it, SHOW's row. */
  readonly describe?: (object: CatalogObject, scope: ObjectScope, stream: TokenStream) => ResultSet | Promise<ResultSet>;
  /** Checks a draft and prepares what the object needs (a table in DuckDB). May return a completed draft. */
  readonly creating?: (draft: Draft, request: CreateRequest, scope: ObjectScope) => Promise<Draft> | Draft;
  /** Runs when the object is durable. */
  readonly created?: (object: CatalogObject, scope: ObjectScope, request: CreateRequest) => Promise<void> | void;
  /** Checks, or completes, a version that ALTER made before it is stored. */
  readonly changing?: (after: CatalogObject, before: CatalogObject, scope: ObjectScope) => Promise<CatalogObject> | CatalogObject;
  /** Runs when a change by ALTER is durable. */
  readonly altered?: (before: CatalogObject, after: CatalogObject, scope: ObjectScope) => Promise<void> | void;
  /** Refuses a drop, or prepares it; `within` when the object goes because its container does; `root` is what the statement drops. */
  readonly dropping?: (
    object: CatalogObject,
    scope: ObjectScope,
    how: { readonly within: boolean; readonly root: CatalogObject },
  ) => Promise<void> | void;
  /** Runs when the object is gone for good, also when its container was dropped: frees what it held outside the catalog. */
  readonly dropped?: (object: CatalogObject, scope: ObjectScope) => Promise<void> | void;
  /**
   * Whether a dropped object is kept for its retention time: `alone` when UNDROP can name it, `within` when it comes back with
   * its container only; left out for what is gone at once.
   */
  readonly restorable?: 'alone' | 'within';
  /** Runs when a restorable object was dropped: stops what goes on for it. */
  readonly retired?: (object: CatalogObject, scope: ObjectScope) => void;
  /** How it is cloned; without it, the clone of a container leaves it out. */
  readonly cloning?: Cloning;
  /** The version of a dropped object that UNDROP brings back. */
  readonly restoring?: (object: CatalogObject, scope: ObjectScope) => CatalogObject;
  /** The statement that makes the object again under `name`, for GET_DDL; without it GET_DDL refuses the kind. */
  readonly ddl?: (object: CatalogObject, scope: ObjectScope, name: string) => string;
  /** What CREATE answers; Snowflake's "<Kind> <NAME> successfully created." unless said otherwise. */
  readonly createdMessage?: (object: CatalogObject, request: CreateRequest) => string;
  /** Statements of the documentation that must be accepted, and such that must not, each with the page it is from. */
  readonly examples?: { readonly accepted: readonly string[]; readonly refused: readonly { sql: string; error: string }[] };
}
