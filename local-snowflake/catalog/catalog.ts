import { SnowflakeError } from '../errors/snowflake-error.ts';
import { displayName, type ObjectName } from '../sql/identifier.ts';
import type { CatalogObject } from './catalog-object.ts';
import type { Change, RecordIndex, Records, StoredRecord } from './records.ts';

/** Kinds that share one set of names: a table and a view of one schema cannot have the same. */
const sharedNamespace: Readonly<Record<string, string>> = {
  TABLE: 'RELATION',
  VIEW: 'RELATION',
  'DYNAMIC TABLE': 'RELATION',
  'ONLINE FEATURE TABLE': 'RELATION',
  'MATERIALIZED VIEW': 'RELATION',
  'EXTERNAL TABLE': 'RELATION',
  STREAM: 'RELATION',
  'MASKING POLICY': 'POLICY',
  'ROW ACCESS POLICY': 'POLICY',
};

function namespaceOf(kind: string): string {
  return sharedNamespace[kind] ?? kind;
}

function keyOf(kind: string, parent: string | null, name: string, signature: string): string {
  return JSON.stringify([namespaceOf(kind), parent, name, signature]);
}

export type DropListener = (object: CatalogObject, change: Change) => void;

/** Every object of the account, by name, by container and by kind. Knows no kind in particular. */
export class Catalog implements RecordIndex {
  readonly collections = new Set(['object']);
  readonly #records: Records;
  readonly #byKey = new Map<string, CatalogObject>();
  readonly #byId = new Map<string, CatalogObject>();
  readonly #byKind = new Map<string, Map<string, CatalogObject>>();
  readonly #children = new Map<string, Set<string>>();
  readonly #temporary = new Map<number, Map<string, CatalogObject>>();
  readonly #dropListeners: DropListener[] = [];

  constructor(records: Records) {
    this.#records = records;
    records.attach(this);
  }

  added(record: StoredRecord): void {
    this.#index(record as CatalogObject);
  }

  removed(record: StoredRecord): void {
    this.#unindex(record as CatalogObject);
  }

  byId(id: string): CatalogObject | undefined {
    return this.#byId.get(id);
  }

  /** The object of exactly this name; a session's temporary object hides a permanent one. */
  find(kind: string, parent: string | null, name: string, signature = '', session?: number): CatalogObject | undefined {
    const key = keyOf(kind, parent, name, signature);
    const temporary = session === undefined ? undefined : this.#temporary.get(session)?.get(key);
    return temporary ?? this.#byKey.get(key);
  }

  /** All objects of a kind, in no order; temporary ones of other sessions left out. */
  ofKind(kind: string, session?: number): CatalogObject[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])].filter(
      (object) => object.session === undefined || object.session === session,
    );
  }

  /** All objects of a kind, in no order, temporary ones of every session included. */
  everyOfKind(kind: string): CatalogObject[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])];
  }

  /** Temporary objects of a session. */
  ofSession(session: number): CatalogObject[] {
    return [...(this.#temporary.get(session)?.values() ?? [])];
  }

  childrenOf(id: string): CatalogObject[] {
    return [...(this.#children.get(id) ?? [])].flatMap((child) => this.#byId.get(child) ?? []);
  }

  /** Folded name parts, outermost first. */
  pathOf(object: CatalogObject): ObjectName {
    const parent = object.parent === null ? undefined : this.#byId.get(object.parent);
    return parent === undefined ? [object.name] : [...this.pathOf(parent), object.name];
  }

  /** Qualified name as messages print it. */
  displayOf(object: CatalogObject): string {
    return displayName(this.pathOf(object));
  }

  onDrop(listener: DropListener): void {
    this.#dropListeners.push(listener);
  }

  /** @throws SnowflakeError `objectAlreadyExists` */
  create(object: CatalogObject, change: Change): void {
    const taken = this.find(object.kind, object.parent, object.name, object.signature, object.session);
    if (taken !== undefined && taken.session === object.session) {
      throw SnowflakeError.of('objectAlreadyExists', { name: displayName([object.name]) });
    }
    this.#put(object, change);
  }

  /** Puts a new version of an object; its name may have changed. @throws SnowflakeError `objectAlreadyExists` */
  update(object: CatalogObject, change: Change): void {
    const taken = this.find(object.kind, object.parent, object.name, object.signature, object.session);
    if (taken !== undefined && taken.id !== object.id) {
      throw SnowflakeError.of('objectAlreadyExists', { name: displayName([object.name]) });
    }
    this.#put(object, change);
  }

  /** Drops an object and all that it contains, innermost first. */
  drop(object: CatalogObject, change: Change): void {
    for (const child of this.childrenOf(object.id)) this.drop(child, change);
    for (const listener of this.#dropListeners) listener(object, change);
    if (object.session === undefined) change.delete(object.id);
    else this.#unindex(object);
  }

  change<T>(work: (change: Change) => T): Promise<T> {
    return this.#records.change(work);
  }

  #put(object: CatalogObject, change: Change): void {
    if (object.session === undefined) {
      change.put(object);
      return;
    }
    const old = this.#byId.get(object.id);
    if (old !== undefined) this.#unindex(old);
    this.#index(object);
  }

  #index(object: CatalogObject): void {
    const key = keyOf(object.kind, object.parent, object.name, object.signature);
    if (object.session === undefined) this.#byKey.set(key, object);
    else mapIn(this.#temporary, object.session).set(key, object);
    this.#byId.set(object.id, object);
    mapIn(this.#byKind, object.kind).set(object.id, object);
    if (object.parent !== null) {
      const siblings = this.#children.get(object.parent) ?? new Set();
      this.#children.set(object.parent, siblings.add(object.id));
    }
  }

  #unindex(object: CatalogObject): void {
    const key = keyOf(object.kind, object.parent, object.name, object.signature);
    const names = object.session === undefined ? this.#byKey : this.#temporary.get(object.session);
    if (names?.get(key)?.id === object.id) names.delete(key);
    this.#byId.delete(object.id);
    this.#byKind.get(object.kind)?.delete(object.id);
    if (object.parent !== null) this.#children.get(object.parent)?.delete(object.id);
  }
}

function mapIn<K, A, B>(maps: Map<K, Map<A, B>>, key: K): Map<A, B> {
  const found = maps.get(key);
  if (found !== undefined) return found;
  const created = new Map<A, B>();
  maps.set(key, created);
  return created;
}
