import type { Row } from '../../sql/result-set.ts';
import type { ObjectScope } from '../object-scope.ts';
import type { PointInTime } from '../point-in-time.ts';
import type { TableColumnRecord } from '../table-columns.ts';

/** Where a new stream begins: now, at a point in the past, or where another one is. */
export type StreamStart = { readonly kind: 'now' } | PointInTime | { readonly kind: 'stream'; readonly id: string };

/** What streams do to the data: changes of tables that are recorded, and how far each stream was consumed. */
export interface StreamEffects {
  /**
   * Begins to record a table's changes; nothing happens when they are recorded. `content`: physical names of all its columns when its
   * rows are told apart by what is in them.
   */
  track(physicalName: string, signal: AbortSignal, content?: readonly string[]): Promise<void>;
  /** Makes the rows of a table that is tracked by its content those of another, or the ones given; only differences are changes. */
  replace(
    physicalName: string,
    columns: readonly TableColumnRecord[],
    from: { readonly physicalName: string } | { readonly rows: readonly Row[] },
    scope: ObjectScope,
  ): Promise<void>;
  untrack(physicalName: string, signal: AbortSignal): Promise<void>;
  /** @throws SnowflakeError `changeTrackingMissing` for a start before the tables' changes were recorded */
  create(
    id: string,
    start: StreamStart,
    tables: readonly { readonly physicalName: string; readonly display: string }[],
    initialRows: boolean,
  ): Promise<void>;
  drop(id: string): Promise<void>;
  hasData(id: string, physicalNames: readonly string[], appendOnly: boolean): Promise<boolean>;
  /** When the stream was consumed last, or made; epoch milliseconds. */
  readAt(id: string): Promise<number>;
}
