import type { CatalogObject } from '../../catalog/catalog-object.ts';
import type { LineageGraph, LineageKind, LineageNode } from './lineage-graph.ts';

/** What one statement reads and writes, for the lineage of what it makes. */
export class StatementLineage {
  readonly graph: LineageGraph;
  readonly #queryId: string;
  readonly #sources = new Map<string, LineageNode>();
  readonly #targets = new Map<string, LineageNode>();

  constructor(graph: LineageGraph, queryId: string) {
    this.graph = graph;
    this.#queryId = queryId;
  }

  /** The statement's own query reads an object; what a view reads is the view's business. */
  read(object: CatalogObject, version?: string): void {
    for (const source of this.graph.behind(node(object, version))) {
      this.#sources.set(JSON.stringify([source.id, source.version]), source);
    }
  }

  /** The statement puts rows into an object. */
  wrote(object: CatalogObject): void {
    this.#targets.set(object.id, node(object));
  }

  /** Records that an object, or a version of it, was made of what the statement has read. */
  made(object: CatalogObject, version?: string, via: LineageKind = 'DATA_LINEAGE'): Promise<void> {
    return this.#record(node(object, version), via);
  }

  /** Records the same of what the statement has put rows into. */
  async filled(): Promise<void> {
    for (const target of this.#targets.values()) await this.#record(target, 'DATA_LINEAGE');
  }

  async #record(target: LineageNode, via: LineageKind): Promise<void> {
    if (this.#sources.size > 0) await this.graph.record([...this.#sources.values()], target, via, this.#queryId);
  }
}

function node(object: CatalogObject, version?: string): LineageNode {
  return version === undefined ? { id: object.id } : { id: object.id, version };
}
