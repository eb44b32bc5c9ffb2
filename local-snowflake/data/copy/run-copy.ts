import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import type { StatementPorts } from '../ports.ts';
import type { DmlResult } from '../statements/dml-result.ts';
import type { StatementFrame } from '../statements/statement-frame.ts';
import { parseStatement } from '../syntax/parse.ts';
import { copyIntoTable } from './copy-into-table.ts';
import { type CopyStatement, parseCopy } from './copy-statement.ts';
import { resolveFormat } from './file-format.ts';
import { stageItems } from '../statements/read-ahead.ts';
import { namedFormat, openStage, type SourceOptions, type StageItem, type StageSource } from './stage-source.ts';
import { unloadFiles } from './unload.ts';
import { unloadResult } from './copy-result.ts';

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
  const { parent, prefix } =
    statement.partitionBy === undefined
      ? splitPrefix(statement.location)
      : { parent: statement.location.replace(/\/?$/u, '/'), prefix: 'data' };
  const location = await frame.ports.stageFiles(parent);
  const single = statement.options.get('SINGLE') === true;
  const overwrite = statement.options.get('OVERWRITE') === true;
  // https://docs.snowflake.com/en/sql-reference/sql/copy-into-location: not together with these
  if (statement.partitionBy !== undefined && (single || overwrite))
    throw SnowflakeError.of('unsupported', { feature: `${single ? 'SINGLE' : 'OVERWRITE'} = TRUE with PARTITION BY` });
  const written = await unloadFiles(
    statement.query,
    location,
    {
      format: resolveFormat(location.fileFormat, copyFormat(statement, frame.ports)),
      prefix,
      header: statement.options.get('HEADER') === true,
      overwrite,
      single,
      ...(statement.partitionBy === undefined ? {} : { partitionBy: statement.partitionBy }),
    },
    frame,
  );
  const rows = written.files.reduce((sum, file) => sum + file.rows, 0);
  const bytes = written.files.reduce((sum, file) => sum + file.bytes, 0);
  return { result: unloadResult(rows, written.inputBytes, bytes), affectedRows: rows };
}

/** `@stage/dir/name` unloads to files below `@stage/dir/` that begin with `name`; without one they begin with `data`. */
function splitPrefix(location: string): { readonly parent: string; readonly prefix: string } {
  const match = /^(@[^/]*\/(?:.*\/)?)([^/]*)$/u.exec(location);
  const prefix = match?.[2] ?? '';
  return match === null || prefix === '' ? { parent: location, prefix: 'data' } : { parent: match[1] ?? location, prefix };
}
