import type { PointInTime } from '../point-in-time.ts';

/** Where a new stream begins: now, at a point in the past, or where another one is. */
export type StreamStart = { readonly kind: 'now' } | PointInTime | { readonly kind: 'stream'; readonly id: string };

/** What streams do to the data: changes of tables that are recorded, and how far each stream was consumed. */
export interface StreamEffects {
  /** Begins to record a table's changes; what was recorded before is forgotten. */
  track(physicalName: string, signal: AbortSignal): Promise<void>;
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
