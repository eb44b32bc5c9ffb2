import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { locate, type Location, type LocationAccess } from '../../objects/stage-location.ts';
import { type FolderFile, listFolder, removeFile } from '../../platform/stage-folder.ts';
import { cell, column } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';

/** Reads a location: a token, a quoted string or a bind. */
export function readLocation(stream: TokenStream, statement: Statement, access: LocationAccess): Location {
  const token = stream.peek();
  const written = token.kind === 'location' ? stream.next().text : stream.string();
  return locate(written, statement.scope, access);
}

/** A local `file://…` path as written, quoted or not. */
function readLocalPath(stream: TokenStream): string {
  const token = stream.peek();
  let written: string;
  if (token.kind === 'string' || token.kind === 'bind') written = stream.string();
  else {
    // Unquoted: everything up to the next blank; the lexer saw words and `//` comments in it.
    const match = /^\S+/u.exec(stream.text.slice(token.start));
    written = match?.[0] ?? '';
    const end = token.start + written.length;
    while (!stream.atEnd && stream.peek().start < end) stream.next();
  }
  if (!written.startsWith('file://')) throw SnowflakeError.of('invalidLocalPath', { path: written });
  return written.slice('file://'.length);
}

interface TransferOptions {
  readonly [name: string]: string | number | boolean;
}

function readOptions(stream: TokenStream, allowed: readonly string[]): TransferOptions {
  const options: Record<string, string | number | boolean> = {};
  while (!stream.atEnd && !stream.isSymbol(';')) {
    const token = stream.peek();
    const name = stream.identifier();
    if (!allowed.includes(name)) throw SnowflakeError.of('invalidProperty', { property: token.text, kind: 'PUT' });
    stream.expectSymbol('=');
    const value = stream.next();
    if (value.value.toUpperCase() === 'TRUE' || value.value.toUpperCase() === 'FALSE')
      options[name] = value.value.toUpperCase() === 'TRUE';
    else options[name] = value.kind === 'number' ? Number(value.text) : value.value;
  }
  return options;
}

/** PUT 'file://…' @stage[/path]. The driver moves the bytes. https://docs.snowflake.com/en/sql-reference/sql/put */
export function putFiles(stream: TokenStream, statement: Statement): StatementResult {
  const source = readLocalPath(stream);
  const location = readLocation(stream, statement, 'WRITE');
  const options = readOptions(stream, ['PARALLEL', 'AUTO_COMPRESS', 'SOURCE_COMPRESSION', 'OVERWRITE', 'THRESHOLD']);
  const folder = location.path === '' || location.path.endsWith('/') ? location.path : `${location.path}/`;
  return {
    kind: 'upload',
    typeId: statementTypes.transfer,
    sources: [source],
    autoCompress: options['AUTO_COMPRESS'] !== false,
    overwrite: options['OVERWRITE'] === true,
    sourceCompression: String(options['SOURCE_COMPRESSION'] ?? 'AUTO_DETECT').toLowerCase(),
    parallel: Number(options['PARALLEL'] ?? 4),
    threshold: 209_715_200,
    target: statement.state.account.transfers.upload(location, folder, source, statement.state),
  };
}

/** GET @stage[/path] 'file://…'. https://docs.snowflake.com/en/sql-reference/sql/get */
export async function getFiles(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const location = readLocation(stream, statement, 'READ');
  const local = readLocalPath(stream);
  const options = readOptions(stream, ['PARALLEL', 'PATTERN']);
  const files = matching(await listFolder(location.root, location.path), location, options['PATTERN']);
  const { sources, target } = statement.state.account.transfers.download(location, files, statement.state);
  return {
    kind: 'download',
    typeId: statementTypes.transfer,
    sources,
    localLocation: local,
    parallel: Number(options['PARALLEL'] ?? 10),
    target,
  };
}

/** LIST @stage[/path] [PATTERN = '…']. https://docs.snowflake.com/en/sql-reference/sql/list */
export async function listFiles(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { files, location } = await readListing(stream, statement, 'READ');
  return rows(statementTypes.show, {
    columns: [column('name'), column('size', types.number(38, 0)), column('md5'), column('last_modified')],
    rows: files.map((file) => [location.listPrefix + file.path, cell.number(file.size), file.md5, httpDate(file.modified)]),
  });
}

/** REMOVE @stage[/path] [PATTERN = '…']. https://docs.snowflake.com/en/sql-reference/sql/remove */
export async function removeFiles(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { files, location } = await readListing(stream, statement, 'WRITE');
  for (const file of files) await removeFile(file.absolute);
  return rows(statementTypes.ddl, {
    columns: [column('name'), column('result')],
    rows: files.map((file) => [location.listPrefix + file.path, 'removed']),
  });
}

async function readListing(
  stream: TokenStream,
  statement: Statement,
  access: LocationAccess,
): Promise<{ files: FolderFile[]; location: Location }> {
  const location = readLocation(stream, statement, access);
  const options = readOptions(stream, ['PATTERN']);
  return { files: matching(await listFolder(location.root, location.path), location, options['PATTERN']), location };
}

/** Files that PATTERN names. It is matched against the whole path, as Snowflake does. @throws SnowflakeError for a bad expression */
export function matching(files: FolderFile[], location: Location, pattern: string | number | boolean | undefined): FolderFile[] {
  if (pattern === undefined) return files;
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${String(pattern)})$`, 'u');
  } catch {
    throw SnowflakeError.of('invalidPattern', { pattern: String(pattern) });
  }
  return files.filter((file) => expression.test(file.path) || expression.test(location.listPrefix + file.path));
}

/** `Thu, 19 Nov 2026 07:06:40 GMT` */
function httpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}
