import { types } from '../../sql/types.ts';
import { type Bound, bound } from '../bind/bound.ts';
import { stringBound } from '../bind/literal-bound.ts';
import { objectConstruct } from '../functions/construct.ts';
import type { ParquetColumn } from './parquet-schema.ts';

/** A whole row of a Parquet file as one VARIANT. */
export function parquetRow(columns: readonly ParquetColumn[]): Bound {
  const entries = columns.map((column) => [stringBound(column.name), bound(column.type, column.sql)] as const);
  return bound(types.variant, objectConstruct(entries, false).sql);
}
