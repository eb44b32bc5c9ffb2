import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { type SnowflakeType, types } from '../../sql/types.ts';
import { parquetRow } from '../copy/parquet-row.ts';
import { parquetScan } from '../copy/parquet-schema.ts';
import type { StageItem, StageSource } from '../copy/stage-source.ts';
import { faultColumn, fieldColumn, fileNameColumn, lineColumn, rowNumberColumn, stageText } from '../copy/staged-text.ts';
import { duckString } from '../duckdb/text.ts';
import { raise, spliced } from '../duckdb/raised.ts';
import type { BindContext } from './bind-context.ts';
import { type Bound, bound } from './bound.ts';
import { variantOf } from './cast-semi-structured.ts';
import { type FromBinding, UsedColumns } from './from-binding.ts';
import { preparationToken } from './preparation.ts';
import type { ScopeColumn } from './scope.ts';

/**
 * A stage's files as a relation: `$1`, `$2` … are the fields of CSV records; of other formats `$1` is the whole value.
 * https://docs.snowflake.com/en/user-guide/querying-stage
 */
export function bindStage(item: StageItem, bind: BindContext): FromBinding {
  const source = bind.stages.get(item);
  if (source === undefined) throw SnowflakeError.of('unsupported', { feature: `stage ${item.location} inside a view or function` });
  const alias = item.alias.name?.name;
  return source.format.type === 'PARQUET' ? parquetRelation(source, alias, bind) : textRelation(source, alias, bind);
}

/** Columns that are found by name only: METADATA$FILENAME and its like. */
function pseudoColumns(
  sql: Readonly<Record<string, readonly [SnowflakeType, string]>>,
  used: UsedColumns,
  bind: BindContext,
): ScopeColumn[] {
  return Object.entries(sql).map(([name, [type, source]]) => ({
    name,
    pseudo: true as const,
    bound: usable(type, source, used, bind),
  }));
}

function usable(type: SnowflakeType, source: string, used: UsedColumns, bind: BindContext): () => Bound {
  const internal = bind.state.name('c');
  used.add(internal, source);
  return () => {
    used.use(internal);
    return bound(type, internal);
  };
}

const number = types.number(38, 0);

function textRelation(source: StageSource, alias: string | undefined, bind: BindContext): FromBinding {
  const { format } = source;
  if (format.type === 'PARQUET') throw new Error('Parquet has a relation of its own');
  const used = new UsedColumns();
  const columns = new Map<number, ScopeColumn>();
  let width = 1;
  const token = preparationToken(bind.state.name('stage'));
  bind.state.preparations.push({
    token,
    prepare: async (runtime) => {
      const table = runtime.temporary();
      await stageText(source.files, format, width, table, runtime.connection);
      return `temp.main.${table}`;
    },
  });
  const ordinal = (index: number): ScopeColumn => {
    const known = columns.get(index);
    if (known !== undefined) return known;
    width = Math.max(width, index);
    const text = fieldColumn(index - 1);
    const read =
      format.type !== 'CSV'
        ? usable(types.variant, index === 1 ? `CAST(${checked(text)} AS JSON)` : 'CAST(NULL AS JSON)', used, bind)
        : usable(types.varchar(), checked(text), used, bind);
    const column: ScopeColumn = { name: `$${String(index)}`, bound: read };
    columns.set(index, column);
    return column;
  };
  const internal = bind.state.name('r');
  const pseudo = pseudoColumns(
    {
      METADATA$FILENAME: [types.varchar(), fileNameColumn],
      METADATA$FILE_ROW_NUMBER: [number, `CAST(${rowNumberColumn} AS DECIMAL(38,0))`],
      METADATA$FILE_LAST_MODIFIED: [types.timestampNtz(), lastModified(source, fileNameColumn)],
      METADATA$FILE_CONTENT_KEY: [types.varchar(), contentKey(source, fileNameColumn)],
    },
    used,
    bind,
  );
  return {
    relations: [{ alias, qualifier: [], columns: pseudo, ordinal }],
    render: () => `(SELECT ${used.list()} FROM ${token}) AS ${internal}`,
    used: () => used.used(),
  };
}

/** A field of a record that could not be read raises the record's fault. */
function checked(text: string): string {
  const fault = raise(
    'execution',
    { message: spliced },
    `${faultColumn} || ' (file ' || ${fileNameColumn} || ', line ' || ${lineColumn} || ')'`,
  );
  return `CASE WHEN ${faultColumn} IS NULL THEN ${text} ELSE ${fault} END`;
}

function parquetRelation(source: StageSource, alias: string | undefined, bind: BindContext): FromBinding {
  const used = new UsedColumns();
  const typed = new Map(
    source.parquet.map((column) => [column.name, lazily(() => usable(column.type, column.sql, used, bind))] as const),
  );
  const whole = lazily(() => usable(types.variant, parquetRow(source.parquet).sql, used, bind));
  const column: ScopeColumn = {
    name: '$1',
    bound: () => whole()(),
    path: (key) => {
      const found = typed.get(key);
      if (found === undefined)
        return source.parquet.length === 0 || !source.parquet.some((item) => item.name === key) ? missing() : undefined;
      const origin = found()();
      return { ...bound(types.variant, variantOf(origin)), origin };
    },
  };
  const internal = bind.state.name('r');
  const pseudo = pseudoColumns(
    {
      METADATA$FILENAME: [types.varchar(), stagedName(source)],
      METADATA$FILE_ROW_NUMBER: [number, 'CAST(file_row_number + 1 AS DECIMAL(38,0))'],
      METADATA$FILE_LAST_MODIFIED: [types.timestampNtz(), lastModified(source, stagedName(source))],
      METADATA$FILE_CONTENT_KEY: [types.varchar(), contentKey(source, stagedName(source))],
    },
    used,
    bind,
  );
  return {
    relations: [
      {
        alias,
        qualifier: [],
        columns: pseudo,
        ordinal: (index) => (index === 1 ? column : { name: `$${String(index)}`, bound: () => missing() }),
      },
    ],
    render: () => {
      const from = source.files.length === 0 ? `(SELECT NULL WHERE false)` : parquetScan(source.files);
      return source.files.length === 0
        ? `(SELECT ${nullList(used)} WHERE false) AS ${internal}`
        : `(SELECT ${used.list()} FROM ${from}) AS ${internal}`;
    },
    used: () => used.used(),
  };
}

/** Columns of a relation without files: nothing has a type, and no row is there to need one. */
function nullList(used: UsedColumns): string {
  return used.used().length === 0
    ? '1 AS unused'
    : used
        .used()
        .map((internal) => `NULL AS ${internal}`)
        .join(', ');
}

function missing(): Bound {
  return bound(types.variant, 'CAST(NULL AS JSON)');
}

/** Makes a thing once, when it is first needed. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** DuckDB knows a file by its path, Snowflake by its name on the stage. */
function stagedName(source: StageSource): string {
  return lookup(source, 'sf_filename', (file) => [file.path, duckString(file.name)], 'VARCHAR');
}

function lastModified(source: StageSource, name: string): string {
  return lookup(
    source,
    name,
    (file) => [file.name, `make_timestamp(${String(Math.trunc(file.lastModified) * 1000)})`],
    'TIMESTAMP',
  );
}

function contentKey(source: StageSource, name: string): string {
  return lookup(source, name, (file) => [file.name, duckString(file.md5)], 'VARCHAR');
}

function lookup(
  source: StageSource,
  key: string,
  entry: (file: StageSource['files'][number]) => readonly [string, string],
  type: string,
): string {
  if (source.files.length === 0) return `CAST(NULL AS ${type})`;
  const arms = source.files.map((file) => {
    const [match, value] = entry(file);
    return `WHEN ${duckString(match)} THEN ${value}`;
  });
  return `CASE ${key} ${arms.join(' ')} END`;
}
