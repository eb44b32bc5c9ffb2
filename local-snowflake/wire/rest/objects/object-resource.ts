import type { RestCreateMode } from '../../../session/rest-object-statement.ts';
import type { ObjectName } from '../../../sql/identifier.ts';
import type { JsonObject } from '../../fields.ts';

/**
 * How a value travels: as SQL prints it (`text`, `number`), as `Y`/`N`, as `ON`/`OFF`, as the texts `true` and `false` (on both sides
 * for `flagText`), or quoted where it must be.
 */
export type FieldType = 'text' | 'number' | 'yesNo' | 'onOff' | 'flagText' | 'flag' | 'identifier';
export type SettingType = Exclude<FieldType, 'yesNo' | 'onOff' | 'identifier'>;

/** What a request asks to create. */
export interface Creation {
  readonly body: JsonObject;
  /** Database and schema of the path, as far as the kind is in them. */
  readonly container: ObjectName;
  readonly name: ObjectName;
  readonly mode: RestCreateMode;
  readonly copyGrants: boolean;
}

/** A kind of object whose REST operations are CREATE, SHOW, DESCRIBE, ALTER and DROP of it. */
export interface ObjectResource {
  /** `DATABASE`, as SQL names it. */
  readonly kind: string;
  readonly plural: string;
  /** Path of the collection, behind `/api/v2`. */
  readonly path: string;
  /** What contains it; the names of containers are `:database` and `:schema` of the path. */
  readonly within: 'ACCOUNT' | 'DATABASE' | 'SCHEMA';
  /**
   * What is asked for a single object besides its row of SHOW: SHOW PARAMETERS, the one row of DESCRIBE, its properties (`property`,
   * `value`), or its rows as `derived` gets them.
   */
  readonly details: 'PARAMETERS' | 'DESCRIBE' | 'PROPERTIES' | 'ROWS' | 'NONE';
  /** PUT: a CREATE OR ALTER statement, or where SQL has none CREATE or ALTER … SET; without it there is no PUT. */
  readonly put?: 'OR ALTER' | 'SET';
  /** Fields of a request that are properties of CREATE under the same name, and parameters that answers hold when set. */
  readonly settings: Readonly<Record<string, SettingType>>;
  /** Whether there is a POST of the collection, and a GET of a single object; true unless said otherwise. */
  readonly creatable?: false;
  readonly fetchable?: false;
  /** What stands between name and properties in CREATE, from these fields of a request for an object in `container`. */
  readonly source?: {
    readonly fields: readonly string[];
    readonly clause: (body: JsonObject, container: ObjectName) => string;
  };
  /** The whole CREATE statement, from these fields of a request, for kinds whose CREATE is more than a list of properties. */
  readonly grammar?: { readonly fields: readonly string[]; readonly statement: (creation: Creation) => string };
  /** Query parameters of a creation that are a boolean property. */
  readonly switches?: Readonly<Record<string, string>>;
  /** Settings that a request must have where no CREATE asks for them (PUT of `SET`). */
  readonly required?: readonly string[];
  /** Settings that PUT of `SET` leaves as they are when a request does not have them: answers never hold them. */
  readonly kept?: readonly string[];
  /** Refuses a PUT of `SET` that asks for what ALTER cannot change, by the request and the object as it is. */
  readonly fixed?: (body: JsonObject, current: JsonObject) => void;
  /** Fields of a request that name an object, as the property of the same name does. */
  readonly references: readonly string[];
  /** Columns of SHOW that answers hold under the same name. */
  readonly shown: Readonly<Record<string, FieldType>>;
  /** What answers hold besides, from a row of SHOW and the rows of `details`. */
  readonly derived?: (row: JsonObject, details: readonly JsonObject[]) => JsonObject;
  /** `:suspend` and the like → what stands behind ALTER <kind> <name>. */
  readonly actions?: Readonly<Record<string, string>>;
  /** Actions that are statements of their own, with the quoted name. They wait for their end, unless `asyncExec` is asked for. */
  readonly statements?: Readonly<Record<string, (name: string) => string>>;
  /** Documented operations that are refused by name. */
  readonly refused?: readonly string[];
  /** Whether `:rename` is among its operations, and where the new name stands: in the body, or in the query string. */
  readonly renamable?: 'BODY' | 'QUERY';
  /** Whether `:use` is among its operations. */
  readonly usable?: true;
  /** Whether `:get-tags`, `:set-tags` and `:unset-tags` are among them; otherwise they are refused by name. */
  readonly tagged?: true;
  /** Whether `:undrop` is among them, and `history` of listings. */
  readonly restorable?: true;
  /** Whether `:clone` is among them; `clauses` are properties that the clone can have otherwise than its source. */
  readonly cloning?: {
    readonly clauses?: (body: JsonObject) => string;
    /** Words in front of the kind. */
    readonly modifiers?: (body: JsonObject) => readonly string[];
  };
  /** Other actions on an object that create one of its kind: `:create-like`. */
  readonly derivations?: Readonly<Record<string, (creation: Creation, source: ObjectName) => string>>;
  /** Actions of the collection that create an object from the query string's `query`: `:as-select`. */
  readonly queried?: Readonly<Record<string, (creation: Creation, query: string) => string>>;
  /** Whether `:swap-with` is among them. */
  readonly swappable?: true;
  /** Whether listings take `deep`, which asks for `details` too. */
  readonly deep?: true;
  /** Whether it may be TRANSIENT (`kind` of the request), and stand WITH MANAGED ACCESS (`managed_access`). */
  readonly transient?: true;
  readonly managedAccess?: true;
}
