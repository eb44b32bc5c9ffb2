import type { StoredRecord } from './records.ts';

/** What an object holds besides its name and owner; each kind declares its own shape. JSON only. */
export type Properties = Readonly<Record<string, unknown>>;

/** An object of the account. Immutable: a change puts a new version under the same id. */
export interface CatalogObject extends StoredRecord {
  readonly collection: 'object';
  /** Kind's name, `COMPUTE POOL`. */
  readonly kind: string;
  /** Folded name. */
  readonly name: string;
  /** Tells overloads apart: argument types of a function or procedure, `''` elsewhere. */
  readonly signature: string;
  /** Id of the schema or database it lives in; null for objects of the account. */
  readonly parent: string | null;
  /** Id of the owner role; null for what the system owns. */
  readonly owner: string | null;
  /** Epoch milliseconds. */
  readonly createdOn: number;
  readonly alteredOn: number;
  readonly comment: string;
  /** Tag id → value. */
  readonly tags: Readonly<Record<string, string>>;
  /** Parameters set on the object itself, by upper-case name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly properties: Properties;
  /** Session that a temporary object belongs to; undefined for permanent ones. Never stored. */
  readonly session?: number;
}

/** A property that holds text; `''` when the object does not have it. */
export function propertyText(object: Pick<CatalogObject, 'properties'> | undefined, name: string): string {
  const value = object?.properties[name];
  return typeof value === 'string' ? value : '';
}
