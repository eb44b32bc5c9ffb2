import type { DuckDBConnection } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parseName } from '../../sql/identifier.ts';
import type { StageFile, StageLocation, StatementPorts } from '../ports.ts';
import type { FileFormatOptions } from '../ports.ts';
import type { Argument, FromItem } from '../syntax/tree.ts';
import { type FileFormat, resolveFormat } from './file-format.ts';
import { type ParquetColumn, parquetColumns } from './parquet-schema.ts';

/** Files at a stage location, how to read them, and for Parquet what is in them. */
export interface StageSource {
  readonly location: StageLocation;
  readonly files: readonly StageFile[];
  readonly format: FileFormat;
  readonly parquet: readonly ParquetColumn[];
}

export type StageItem = Extract<FromItem, { kind: 'stage' }>;

export interface SourceOptions {
  /** Inline or named format options that win over the stage's own. */
  readonly format?: FileFormatOptions | undefined;
  readonly pattern?: string | undefined;
  readonly files?: readonly string[] | undefined;
}

/** Looks a location up. Binding is synchronous, so this is done for all of a statement's stages before it. */
export async function openStage(
  written: string,
  options: SourceOptions,
  ports: StatementPorts,
  connection: DuckDBConnection,
): Promise<StageSource> {
  const location = await ports.stageFiles(written);
  const format = resolveFormat(location.fileFormat, options.format);
  const files = selectFiles(location, options);
  const parquet = format.type === 'PARQUET' ? await parquetColumns(files, format, connection) : [];
  return { location, files, format, parquet };
}

/** PATTERN is matched against the whole path; FILES are relative to the location. */
function selectFiles(location: StageLocation, options: SourceOptions): readonly StageFile[] {
  if (options.files !== undefined) {
    return options.files.map((name) => {
      const found = location.files.find((file) => file.name === name || file.name.endsWith(`/${name}`));
      if (found === undefined) throw SnowflakeError.of('fileNotFound', { path: name });
      return found;
    });
  }
  if (options.pattern === undefined) return location.files;
  let regex: RegExp;
  try {
    regex = new RegExp(`^(?:${options.pattern})$`, 'u');
  } catch (error) {
    throw SnowflakeError.of('regex', { pattern: options.pattern, reason: error instanceof Error ? error.message : String(error) });
  }
  return location.files.filter((file) => regex.test(file.name));
}

/** A format given by name, or as `'…'` naming one. */
export function namedFormat(name: string, ports: StatementPorts): FileFormatOptions {
  return ports.fileFormat(parseName(name));
}

/** Options of `@stage (FILE_FORMAT => …, PATTERN => …)`. */
export function itemOptions(args: readonly Argument[], ports: StatementPorts): SourceOptions {
  const options: { -readonly [K in keyof SourceOptions]: SourceOptions[K] } = {};
  for (const argument of args) {
    const value =
      argument.value.kind === 'literal' || argument.value.kind === 'bind' || argument.value.kind === 'column'
        ? argument.value
        : undefined;
    const text =
      value?.kind === 'literal'
        ? value.text
        : value?.kind === 'bind'
          ? (ports.bind(value.key)?.cell ?? undefined)
          : value?.parts.map((part) => part.name).join('.');
    if (text === undefined)
      throw SnowflakeError.of('unsupported', { feature: `argument ${argument.name ?? ''} of a stage that is no constant` });
    if (argument.name === 'FILE_FORMAT') options.format = namedFormat(text, ports);
    else if (argument.name === 'PATTERN') options.pattern = text;
    else throw SnowflakeError.of('unsupported', { feature: `argument ${argument.name ?? ''} of a stage` });
  }
  return options;
}
