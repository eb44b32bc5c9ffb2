import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { StatementPorts } from '../ports.ts';
import type { DmlResult } from '../statements/dml-result.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { parseStatement } from '../syntax/parse.ts';
import { copyIntoTable } from './copy-into-table.ts';
import { type CopyStatement, parseCopy } from './copy-statement.ts';
import { type FileFormat, resolveFormat } from './file-format.ts';
import { queryText } from '../statements/create-table-as.ts';
import { stageItems } from '../statements/read-ahead.ts';
import { runQuery } from '../statements/run-query.ts';
import { namedFormat, openStage, type SourceOptions, type StageItem, type StageSource } from './stage-source.ts';
import { unloadFiles } from './unload.ts';
import { unloadedFilesResult, unloadResult } from './copy-result.ts';

type Unload = Extract<CopyStatement, { kind: 'unload' }>;

/** A COPY statement with its stage looked up, ready to be bound. */
export interface OpenedCopy {
  readonly statement: CopyStatement;
  readonly source: StageSource | undefined;
  /** The same source for the stage named in a transforming SELECT. */
  readonly stages: ReadonlyMap<StageItem, StageSource>;
}

export async function openCopy(text: string, ports: StatementPorts, connection: DuckDBConnection): Promise<OpenedCopy> {
  const statement = parseCopy(text, (key) => {
    const value = ports.bind(key)?.cell;
    if (value === undefined || value === null) throw SnowflakeError.of('bindVariableNotSet', { name: `:${key}` });
    return value;
  });
  const stages = new Map<StageItem, StageSource>();
  if (statement.kind === 'unload') {
    for (const item of stageItems(parseStatement(statement.query)))
      stages.set(item, await openStage(item.location, {}, ports, connection));
    return { statement, source: undefined, stages };
  }
  const source = await openStage(statement.location, sourceOptions(statement, ports), ports, connection);
  if (statement.query !== undefined) {
    for (const item of stageItems(parseStatement(statement.query))) stages.set(item, source);
  }
  return { statement, source, stages };
}

function sourceOptions(statement: CopyStatement, ports: StatementPorts): SourceOptions {
  const pattern = statement.options.get('PATTERN');
  const files = statement.options.get('FILES');
  return {
    format: copyFormat(statement, ports),
    pattern: typeof pattern === 'string' ? pattern : undefined,
    files: Array.isArray(files) ? files.map(String) : undefined,
  };
}

function copyFormat(statement: CopyStatement, ports: StatementPorts): SourceOptions['format'] {
  return statement.formatName === undefined
    ? statement.format
    : { ...namedFormat(statement.formatName, ports), ...statement.format };
}

export async function runCopy(opened: OpenedCopy, frame: StatementFrame): Promise<DmlResult> {
  const { statement, source } = opened;
  if (statement.kind === 'load') {
    if (source === undefined) throw new Error('a load has a source');
    return copyIntoTable(statement, source, frame);
  }
  return unload(statement, frame);
}

/** https://docs.snowflake.com/en/sql-reference/sql/copy-into-location */
async function unload(statement: Unload, frame: StatementFrame): Promise<DmlResult> {
  if (validates(statement)) return { result: await runQuery(queryText(statement.query), frame), affectedRows: 0 };
  const { parent, prefix } =
    statement.partitionBy === undefined
      ? splitPrefix(statement.location)
      : { parent: statement.location.replace(/\/?$/u, '/'), prefix: 'data' };
  const location = await frame.ports.stageFiles(parent);
  const is = (option: string): boolean => statement.options.get(option) === true;
  refuseTogether(statement, is);
  const format = resolveFormat(location.fileFormat, copyFormat(statement, frame.ports));
  const maxFileSize = largestFile(statement, format.type);
  const written = await unloadFiles(
    statement.query,
    location,
    {
      format,
      prefix: is('INCLUDE_QUERY_ID') ? `${prefix}_${frame.ports.facts.queryId}` : prefix,
      header: is('HEADER'),
      overwrite: is('OVERWRITE'),
      single: is('SINGLE'),
      dropEmpty: true,
      ...(maxFileSize === undefined ? {} : { maxFileSize }),
      ...(statement.partitionBy === undefined ? {} : { partitionBy: statement.partitionBy }),
    },
    frame,
  );
  const rows = written.files.reduce((sum, file) => sum + file.rows, 0);
  const bytes = written.files.reduce((sum, file) => sum + file.bytes, 0);
  const result = is('DETAILED_OUTPUT') ? unloadedFilesResult(written.files) : unloadResult(rows, written.inputBytes, bytes);
  return { result, affectedRows: rows };
}

/** Parquet files are not split: without MAX_FILE_SIZE they may be larger than its default, which "doesn't enforce a hard cap". */
function largestFile({ options }: Unload, type: FileFormat['type']): number | undefined {
  const given = options.get('MAX_FILE_SIZE');
  return typeof given === 'number' ? given : type === 'PARQUET' && options.get('SINGLE') !== true ? undefined : 16_777_216;
}

/** VALIDATION_MODE = RETURN_ROWS shows what would be unloaded. */
function validates({ options }: Unload): boolean {
  const mode = options.get('VALIDATION_MODE');
  if (mode === undefined) return false;
  if (typeof mode === 'string' && mode.toUpperCase() === 'RETURN_ROWS') return true;
  throw SnowflakeError.of('invalidPropertyValue', { property: 'VALIDATION_MODE', value: String(mode) });
}

/** What the page says does not go together. */
function refuseTogether({ partitionBy }: Unload, is: (option: string) => boolean): void {
  const whole = ['SINGLE', 'OVERWRITE'].find(is);
  if (whole === undefined) return;
  const other = partitionBy !== undefined ? 'PARTITION BY' : is('INCLUDE_QUERY_ID') ? 'INCLUDE_QUERY_ID = TRUE' : undefined;
  if (other !== undefined) throw SnowflakeError.of('unsupported', { feature: `${whole} = TRUE with ${other}` });
}

/** `@stage/dir/name` unloads to files below `@stage/dir/` that begin with `name`; without one they begin with `data`. */
function splitPrefix(location: string): { readonly parent: string; readonly prefix: string } {
  const match = /^(@[^/]*\/(?:.*\/)?)([^/]*)$/u.exec(location);
  const prefix = match?.[2] ?? '';
  return match === null || prefix === '' ? { parent: location, prefix: 'data' } : { parent: match[1] ?? location, prefix };
}
