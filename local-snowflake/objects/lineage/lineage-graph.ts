import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { Change, RecordIndex, Records, StoredRecord } from '../../catalog/records.ts';

/** One end of an edge: an object, or a version of one that has versions. */
export interface LineageNode {
  /** Catalog id. */
  readonly id: string;
  /** Version of a dataset or model, run of an experiment. */
  readonly version?: string;
}

/** DATA_LINEAGE: rows went from one to the other. OBJECT_DEPENDENCY: the target reads the source by its name, whenever it is read. */
export type LineageKind = 'DATA_LINEAGE' | 'OBJECT_DEPENDENCY';

/** Something was made of something else. */
export interface LineageEdge extends StoredRecord {
  readonly collection: 'lineage';
  readonly source: LineageNode & {
    readonly kind: string;
    /** Folded name when the edge was recorded. */
    readonly path: readonly string[];
  };
  readonly target: LineageNode;
  readonly via: LineageKind;
  /** Query that made the target. */
  readonly queryId: string;
}

/**
 * What was made of what. An edge is recorded once; it goes when its target is dropped, or its source (dependencies, which go by
 * name, stay). https://docs.snowflake.com/en/user-guide/ui-snowsight-lineage
 */
export class LineageGraph implements RecordIndex {
  readonly collections = new Set(['lineage']);
  readonly #records: Records;
  readonly #catalog: Catalog;
  readonly #edges = new Map<string, LineageEdge>();
  /** Sources of temporary objects, which have no records. */
  readonly #temporary = new Map<string, readonly LineageNode[]>();

  constructor(records: Records, catalog: Catalog) {
    this.#records = records;
    this.#catalog = catalog;
    records.attach(this);
    catalog.onDrop((object, change) => {
      this.#dropped(object, change);
    });
  }

  added(record: StoredRecord): void {
    this.#edges.set(record.id, record as LineageEdge);
  }

  removed(record: StoredRecord): void {
    this.#edges.delete(record.id);
  }

  edges(): readonly LineageEdge[] {
    return [...this.#edges.values()];
  }

  /** What a source stands for: a temporary object is looked through, since what was made of it outlives it. */
  behind(source: LineageNode): readonly LineageNode[] {
    const object = this.#catalog.byId(source.id);
    return object?.session === undefined ? [source] : (this.#temporary.get(source.id) ?? []);
  }

  async record(sources: readonly LineageNode[], target: LineageNode, via: LineageKind, queryId: string): Promise<void> {
    const object = this.#catalog.byId(target.id);
    const others = sources.filter((source) => !same(source, target));
    if (object === undefined) return;
    if (object.session !== undefined) {
      this.#temporary.set(target.id, [...(this.#temporary.get(target.id) ?? []), ...others]);
      return;
    }
    const added = others.flatMap((source) => this.#edge(source, target, via, queryId) ?? []);
    if (added.length === 0) return;
    await this.#records.change((change) => {
      for (const edge of added) change.put(edge);
    });
  }

  #edge(source: LineageNode, target: LineageNode, via: LineageKind, queryId: string): LineageEdge | undefined {
    const id = `lineage ${JSON.stringify([source.id, source.version, target.id, target.version])}`;
    const object = this.#catalog.byId(source.id);
    if (object === undefined || this.#edges.has(id)) return undefined;
    const from = { ...source, kind: object.kind, path: this.#catalog.pathOf(object) };
    return { id, collection: 'lineage', source: from, target, via, queryId };
  }

  #dropped(object: CatalogObject, change: Change): void {
    this.#temporary.delete(object.id);
    for (const edge of this.#edges.values()) {
      const byName = edge.via === 'OBJECT_DEPENDENCY';
      if (edge.target.id === object.id || (edge.source.id === object.id && !byName)) change.delete(edge.id);
    }
  }
}

function same(one: LineageNode, other: LineageNode): boolean {
  return one.id === other.id && one.version === other.version;
}
