import { basename } from 'node:path';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { locate, type Location, pathBelow } from '../../objects/stage-location.ts';
import { addToFolder, listFolder } from '../../platform/stage-folder.ts';
import { cell, column } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import { dataPorts } from '../data-ports.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { matching, readLocation } from './stage-files.ts';

/** A file to copy, and its path below the target. */
interface Copy {
  readonly absolute: string;
  readonly to: string;
}

interface Options {
  readonly files: ReadonlySet<string> | undefined;
  readonly pattern: string | undefined;
  readonly detailed: boolean;
}

/**
 * COPY FILES INTO @target FROM { @source | (query) } [FILES = (…)] [PATTERN = '…'] [DETAILED_OUTPUT = …].
 * https://docs.snowflake.com/en/sql-reference/sql/copy-files
 */
export async function copyFiles(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  stream.expect('INTO');
  const target = readLocation(stream, statement, 'WRITE');
  stream.expect('FROM');
  const query = stream.isSymbol('(') ? stream.parenthesised() : undefined;
  const source = query === undefined ? readLocation(stream, statement, 'READ') : undefined;
  const options = readCopyOptions(stream);
  if (source === undefined && (options.files !== undefined || options.pattern !== undefined))
    throw SnowflakeError.of('unsupported', { feature: 'COPY FILES from a query with FILES or PATTERN' });
  const found = source === undefined ? await ofQuery(query ?? '', statement) : await ofStage(source, options);
  const copies = found.map(({ absolute, to }) => ({ absolute, to: pathBelow(target, to) }));
  for (const { absolute, to } of copies) await addToFolder(target.root, to, absolute);
  return rows(
    statementTypes.ddl,
    options.detailed
      ? { columns: [column('file')], rows: copies.map(({ to }) => [to]) }
      : { columns: [column('numOfFilesCopied', types.number(38, 0))], rows: [[cell.number(copies.length)]] },
  );
}

function readCopyOptions(stream: TokenStream): Options {
  let files: ReadonlySet<string> | undefined;
  let pattern: string | undefined;
  let detailed = true;
  while (!stream.atEnd && !stream.isSymbol(';')) {
    if (stream.accept('FILES')) {
      stream.expectSymbol('=');
      files = new Set(fileNames(stream));
    } else if (stream.accept('PATTERN')) {
      stream.expectSymbol('=');
      pattern = stream.string();
    } else if (stream.accept('DETAILED_OUTPUT')) {
      stream.expectSymbol('=');
      if (stream.accept('FALSE')) detailed = false;
      else stream.expect('TRUE');
    } else throw stream.unexpected();
  }
  return { files, pattern, detailed };
}

function fileNames(stream: TokenStream): readonly string[] {
  const names: string[] = [];
  stream.expectSymbol('(');
  do names.push(stream.string());
  while (stream.acceptSymbol(','));
  stream.expectSymbol(')');
  return names;
}

async function ofStage(source: Location, { files, pattern }: Options): Promise<readonly Copy[]> {
  const listed = matching(await listFolder(source.root, source.path), source, pattern);
  return listed
    .map(({ absolute, path }) => ({ absolute, to: below(source.path, path) }))
    .filter(({ to }) => files === undefined || files.has(to));
}

function below(base: string, path: string): string {
  if (base === '') return path;
  if (base.endsWith('/')) return path.slice(base.length);
  return path === base ? basename(path) : path.slice(base.length + 1);
}

/** Rows of a file and, where it is to have another, its new name. All are looked up before any is copied. */
async function ofQuery(query: string, statement: Statement): Promise<readonly Copy[]> {
  const { result } = await statement.state.connection.run(query, dataPorts(statement));
  return Promise.all(
    result.rows.map(async ([url, name]) => {
      if (url === undefined || url === null) throw SnowflakeError.of('invalidStageLocation', { location: 'NULL' });
      const location = locate(url, statement.scope, 'READ');
      const file = (await listFolder(location.root, location.path)).find(({ path }) => path === location.path);
      if (file === undefined) throw SnowflakeError.of('fileNotFound', { path: url });
      return { absolute: file.absolute, to: name ?? location.path };
    }),
  );
}
