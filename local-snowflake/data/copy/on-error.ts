import { SnowflakeError } from '../../errors/snowflake-error.ts';

/** What COPY does about records that cannot be loaded. */
export type OnError =
  | { readonly kind: 'ABORT' }
  | { readonly kind: 'CONTINUE' }
  /** The file is skipped once it has this many faults, or this share of faults. */
  | { readonly kind: 'SKIP_FILE'; readonly limit: number; readonly percent: boolean };

export function readOnError(value: unknown): OnError {
  const written = typeof value === 'string' || typeof value === 'number' ? String(value).toUpperCase() : 'ABORT_STATEMENT';
  if (written === 'ABORT_STATEMENT') return { kind: 'ABORT' };
  if (written === 'CONTINUE') return { kind: 'CONTINUE' };
  const match = /^SKIP_FILE(?:_(\d+)(%)?)?$/u.exec(written);
  if (match === null) throw SnowflakeError.of('invalidPropertyValue', { property: 'ON_ERROR', value: written });
  return { kind: 'SKIP_FILE', limit: Number(match[1] ?? '1'), percent: match[2] === '%' };
}

/** Whether a file with these faults is left out, and the limit as COPY reports it. */
export function skipsFile(onError: OnError, errors: number, rows: number): boolean {
  if (onError.kind !== 'SKIP_FILE' || errors === 0) return false;
  return onError.percent ? (100 * errors) / Math.max(1, rows) >= onError.limit : errors >= onError.limit;
}

export function errorLimit(onError: OnError, rows: number): number {
  if (onError.kind === 'ABORT') return 1;
  if (onError.kind === 'CONTINUE') return rows;
  return onError.percent ? Math.max(1, Math.ceil((rows * onError.limit) / 100)) : onError.limit;
}
