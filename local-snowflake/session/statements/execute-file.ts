import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { asSnowflakeError, SnowflakeError } from '../../errors/snowflake-error.ts';
import { locate } from '../../objects/stage-location.ts';
import { listFolder } from '../../platform/stage-folder.ts';
import { splitStatements } from '../../sql/split-statements.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import type { RunningFile, Statement, StatementResult } from '../statement.ts';

/** How deep files may run one another. */
const deepest = 5;
/** Bytes. */
const largest = 10 * 2 ** 20;

const templates = /^\uFEFF?\s{0,10}(?:--|#)!jinja/u;

/**
 * EXECUTE IMMEDIATE FROM <file of a stage>: `run` gets each of its statements; the last one's result is the answer.
 * https://docs.snowflake.com/en/sql-reference/sql/execute-immediate-from
 */
export async function executeFile(
  stream: TokenStream,
  statement: Statement,
  run: (statement: Statement) => Promise<StatementResult>,
): Promise<StatementResult> {
  const { stage, path } = locationOf(stream, statement.file);
  if (stream.is('USING')) throw SnowflakeError.of('unsupported', { feature: 'EXECUTE IMMEDIATE FROM … USING (Jinja2 templates)' });
  if (stream.accept('DRY_RUN')) {
    stream.expectSymbol('=');
    if (!stream.accept('FALSE')) throw SnowflakeError.of('unsupported', { feature: 'EXECUTE IMMEDIATE FROM … DRY_RUN = TRUE' });
  }
  stream.expectEnd();
  const depth = (statement.file?.depth ?? 0) + 1;
  if (depth > deepest) throw SnowflakeError.of('recursionLimit', { depth: deepest });
  const text = await contentOf(stage, path, statement);
  if (templates.test(text)) throw SnowflakeError.of('unsupported', { feature: 'Jinja2 templates in EXECUTE IMMEDIATE FROM' });
  const texts = splitStatements(text);
  if (texts.length === 0) throw SnowflakeError.of('emptyStatement', {});
  let result: StatementResult | undefined;
  let from = 0;
  for (const each of texts) {
    const start = text.indexOf(each, from);
    from = start + each.length;
    try {
      result = await run({ ...statement, text: each, file: { stage, path, depth } });
    } catch (error) {
      throw inFile(asSnowflakeError(error), path, text.slice(0, start));
    }
  }
  if (result === undefined) throw SnowflakeError.of('emptyStatement', {});
  return result;
}

/** `@stage/path`, quoted or not; in a file also a path in the same stage, relative to the file. */
function locationOf(stream: TokenStream, parent: RunningFile | undefined): { readonly stage: string; readonly path: string } {
  const token = stream.next();
  if (token.kind !== 'location' && token.kind !== 'string') throw stream.unexpected(token);
  const written = token.kind === 'string' ? token.value : token.text;
  if (written.startsWith('@')) {
    const [, stage = '', path = ''] = /^(@(?:"(?:[^"]|"")*"|[^/"])*)(?:\/([\s\S]*))?$/u.exec(written) ?? [];
    return { stage, path };
  }
  if (parent === undefined) throw SnowflakeError.of('relativeFile', { file: written });
  const path = posix.normalize(written.startsWith('/') ? written.slice(1) : posix.join(posix.dirname(parent.path), written));
  return { stage: parent.stage, path };
}

async function contentOf(stage: string, path: string, { scope }: Statement): Promise<string> {
  const location = locate(`${stage}/${path}`, scope, 'READ');
  const files = path === '' || path.endsWith('/') ? [] : await listFolder(location.root, location.path);
  const file = files.find((each) => each.path === location.path);
  if (file === undefined) throw SnowflakeError.of('executedFileMissing', { file: path, stage: stage.slice(1).toUpperCase() });
  if (file.size > largest) throw SnowflakeError.of('unsupported', { feature: 'EXECUTE IMMEDIATE FROM a file of more than 10 MB' });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file.absolute));
  } catch {
    throw SnowflakeError.of('unsupported', { feature: 'EXECUTE IMMEDIATE FROM a file that is not UTF-8' });
  }
}

function inFile(error: SnowflakeError, file: string, before: string): SnowflakeError {
  const lines = before.split('\n');
  return SnowflakeError.restored(
    error.code,
    error.sqlState,
    `Uncaught exception of type 'STATEMENT_ERROR' in file ${file} on line ${String(lines.length)} at position ${String(lines.at(-1)?.length ?? 0)}:\n${error.message}`,
  );
}
