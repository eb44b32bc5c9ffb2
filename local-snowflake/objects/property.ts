/** How a property of CREATE and ALTER is written, checked and stored. */
export type PropertyType =
  | { readonly type: 'text'; readonly maxLength?: number }
  /** Stored enciphered; never shown. */
  | { readonly type: 'secret' }
  | { readonly type: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly type: 'boolean' }
  /** One of a list, written bare or quoted, in any case; `aliases` map other spellings to one of the list. */
  | { readonly type: 'choice'; readonly values: readonly string[]; readonly aliases?: Readonly<Record<string, string>> }
  /** The name of an object of another kind; stored as its id. */
  | { readonly type: 'reference'; readonly kind: string; readonly privilege?: string }
  /** The name of a table, view or dynamic table; stored as its id. */
  | { readonly type: 'relation'; readonly privilege: string }
  /** A bare or quoted name that is not looked up (a role or warehouse that may not exist); stored folded. */
  | { readonly type: 'name' }
  /** `('a', 'b')` */
  | { readonly type: 'texts'; readonly max?: number }
  /** `('a'='b', …)` */
  | { readonly type: 'pairs' }
  /** `(TYPE = CSV SKIP_HEADER = 1 …)`: names are upper-cased, values kept as written values. */
  | { readonly type: 'group' };

export type Property = PropertyType & {
  /** Value of an object that was created without it. */
  readonly default?: unknown;
  readonly required?: boolean;
  /** Whether ALTER … SET takes it; true unless said otherwise. */
  readonly settable?: boolean;
  /** Other spelling of the property's name. */
  readonly alias?: string;
};

export type PropertyTable = Readonly<Record<string, Property>>;
