import type { ResultColumn } from '../sql/result-set.ts';

/**
 * What objects do to the world beyond the catalog. Each port is implemented outside `objects/` and handed in, so that a
 * kind's definition stays free of DuckDB, processes and the network.
 */
export interface Effects {
  readonly tables: TableEffects;
  readonly stages: StageEffects;
  readonly vault: VaultEffects;
}

/** Physical tables, by a name that only the catalog knows. */
export interface TableEffects {
  create(physicalName: string, columns: readonly PhysicalColumn[]): Promise<void>;
  drop(physicalName: string): Promise<void>;
  clone(from: string, to: string): Promise<void>;
  addColumn(physicalName: string, column: PhysicalColumn): Promise<void>;
  dropColumn(physicalName: string, physical: string): Promise<void>;
  rowCount(physicalName: string): number;
}

export interface PhysicalColumn extends ResultColumn {
  /** Name in DuckDB. */
  readonly physical: string;
  readonly defaultText?: string;
}

/** Files of internal stages, by stage id. */
export interface StageEffects {
  /** Absolute folder of a stage's files; made when it is not there. */
  directory(stageId: string): string;
  remove(stageId: string): Promise<void>;
}

/** Keeps secrets enciphered at rest. */
export interface VaultEffects {
  encipher(secret: string): string;
  decipher(sealed: string): string;
}
