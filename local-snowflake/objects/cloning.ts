import type { CatalogObject } from '../catalog/catalog-object.ts';
import type { ObjectScope } from './object-scope.ts';
import type { PointInTime } from './point-in-time.ts';

/** How a kind's objects are cloned. https://docs.snowflake.com/en/sql-reference/sql/create-clone */
export interface Cloning {
  /** What the role must hold on the source (or OWNERSHIP); any privilege at all when left out. */
  readonly privilege?: string;
  /** Whether CREATE … CLONE can name one; others come with their containers alone. */
  readonly alone: boolean;
  /** Whether AT and BEFORE may follow. */
  readonly historical?: boolean;
  /** Other kinds that it can be cloned from. */
  readonly from?: readonly string[];
  /** Whether the clone of a container takes this one along; true unless said otherwise. */
  readonly included?: (source: CatalogObject, options: CloneOptions) => boolean;
  /**
   * Completes a copy, which has its own id and names the objects that were cloned with it by theirs: makes what it holds outside
   * the catalog. @returns the copy as it is to be kept
   */
  readonly copy?: (
    copy: CatalogObject,
    source: CatalogObject,
    scope: ObjectScope,
    options: CloneOptions,
  ) => Promise<CatalogObject> | CatalogObject;
}

export interface CloneOptions {
  /** When the source is copied as it was; undefined for as it is. */
  readonly point: PointInTime | undefined;
  /** INCLUDE INTERNAL STAGES */
  readonly internalStages: boolean;
  /** IGNORE TABLES WITH INSUFFICIENT DATA RETENTION */
  readonly passOverTables: boolean;
  /** Whether it is cloned with its container. */
  readonly within: boolean;
  /** What else has been cloned by the same statement, by the source's id. */
  readonly copies: ReadonlyMap<string, CatalogObject>;
}
