import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { ScriptReader } from './script-reader.ts';
import type { CallStatement, ExecuteImmediate, Expression, NameAt, ResultSource, RunSource, SqlStatement } from './tree.ts';

/** A SQL statement up to its `;` or, in parentheses, up to the closing one. */
export function parseSql(reader: ScriptReader): SqlStatement {
  const from = reader.position;
  const first = reader.peek();
  const takesInto = first.kind === 'word' && ['SELECT', 'WITH', 'CALL'].includes(first.value);
  const creates = reader.is('CREATE') || reader.is('ALTER');
  let into: { readonly targets: readonly NameAt[]; readonly start: number; readonly end: number } | undefined;
  let depth = 0;
  for (let token = reader.peek(); token.kind !== 'end'; token = reader.peek()) {
    if (token.kind === 'symbol') {
      if (token.text === '(' || token.text === '[' || token.text === '{') depth += 1;
      if (token.text === ')' || token.text === ']' || token.text === '}') {
        if (depth === 0) break;
        depth -= 1;
      }
      if (token.text === ';') break;
    } else if (depth === 0 && takesInto && into === undefined && reader.is('INTO')) {
      reader.next();
      const targets = reader.targets();
      into = { targets, start: token.start, end: reader.peek().start };
      continue;
    } else if (depth === 0 && into !== undefined && ['UNION', 'INTERSECT', 'EXCEPT', 'MINUS'].includes(token.value)) {
      throw SnowflakeError.of('intoNotAllowed', reader.placeOf(first.start));
    } else if (creates && reader.is('AS') && startsBlock(reader, 1)) {
      reader.next();
      skipBlock(reader);
      continue;
    }
    reader.next();
  }
  const whole = reader.slice(from);
  const { at, bindsBefore } = whole;
  if (into === undefined) return { kind: 'sql', at, text: whole.text, tokens: whole.tokens, bindsBefore, into: [] };
  const { targets, start, end } = into;
  const text = `${whole.text.slice(0, start - at)}${whole.text.slice(end - at)}`.trimEnd();
  const tokens = whole.tokens.filter((token) => token.start < start || token.start >= end);
  return { kind: 'sql', at, text, tokens, bindsBefore, into: targets };
}

/** Whether `BEGIN` or `DECLARE` of a block comes `ahead` tokens from here; `BEGIN`, `BEGIN WORK` … open a transaction. */
export function startsBlock(reader: ScriptReader, ahead = 0): boolean {
  const token = reader.peek(ahead);
  if (token.kind !== 'word') return false;
  if (token.value === 'DECLARE') return true;
  if (token.value !== 'BEGIN') return false;
  const next = reader.peek(ahead + 1);
  if (next.kind === 'end' || next.text === ';' || next.text === ')') return false;
  return !(next.kind === 'word' && ['WORK', 'TRANSACTION', 'NAME'].includes(next.value));
}

const innerEnds = new Set(['IF', 'LOOP', 'FOR', 'WHILE', 'REPEAT']);

/** Moves behind a block that is part of a statement, as in CREATE TASK … AS BEGIN … END. */
function skipBlock(reader: ScriptReader): void {
  for (let depth = 0; ; reader.next()) {
    const token = reader.peek();
    if (token.kind === 'end') return;
    if (token.kind !== 'word') continue;
    if (token.value === 'BEGIN' && startsBlock(reader)) depth += 1;
    else if (token.value === 'CASE' && reader.peek(-1).value !== 'END') depth += 1;
    else if (token.value === 'END' && !innerEnds.has(reader.peek(1).value)) {
      depth -= 1;
      if (depth === 0) {
        reader.next();
        return;
      }
    }
  }
}

/** CALL p(…) [INTO :v]. https://docs.snowflake.com/en/sql-reference/sql/call */
export function parseCall(reader: ScriptReader): CallStatement {
  const start = reader.position;
  const sql = parseSql(reader);
  const end = reader.position;
  reader.rewind(start);
  reader.expect('CALL');
  const token = reader.peek();
  const args: Expression[] = [];
  let procedure: NameAt | undefined;
  if (token.kind === 'word' || token.kind === 'quoted') {
    const name = reader.nameAt();
    if (reader.isSymbol('(')) procedure = name;
    while (reader.acceptSymbol('.')) reader.nameAt();
  }
  if (reader.acceptSymbol('(')) {
    if (!reader.acceptSymbol(')')) {
      do args.push(reader.expression());
      while (reader.acceptSymbol(','));
    }
  }
  reader.rewind(end);
  return { kind: 'call', at: sql.at, procedure, args, sql };
}

/** EXECUTE IMMEDIATE e [USING (v, …)]. https://docs.snowflake.com/en/sql-reference/sql/execute-immediate */
export function parseExecuteImmediate(reader: ScriptReader): ExecuteImmediate {
  const at = reader.peek().start;
  reader.expect('EXECUTE IMMEDIATE');
  const text = reader.expression(['USING']);
  const using: NameAt[] = [];
  if (reader.accept('USING')) {
    reader.expectSymbol('(');
    do using.push(reader.target());
    while (reader.acceptSymbol(','));
    reader.expectSymbol(')');
  }
  return { kind: 'executeImmediate', at, text, using };
}

/** First words of what may stand in parentheses as the source of a RESULTSET. */
const sourceWords = new Set(
  [
    'SELECT WITH SHOW DESC DESCRIBE INSERT UPDATE DELETE MERGE TRUNCATE COPY CREATE ALTER DROP UNDROP GRANT REVOKE COMMENT USE SET UNSET',
    'CALL EXECUTE LIST LS REMOVE RM PUT GET BEGIN DECLARE COMMIT ROLLBACK START EXPLAIN',
  ].flatMap((line) => line.split(' ')),
);

/** Whether `( statement` comes next. */
export function startsSource(reader: ScriptReader): boolean {
  const inner = reader.peek(1);
  return reader.isSymbol('(') && inner.kind === 'word' && sourceWords.has(inner.value) && reader.peek(2).text !== '(';
}

/** `( statement )`, what a RESULTSET is filled from. https://docs.snowflake.com/en/developer-guide/snowflake-scripting/resultsets */
export function parseSource(reader: ScriptReader): ResultSource {
  if (!startsAsync(reader)) return parsePlainSource(reader);
  const at = reader.peek().start;
  reader.next();
  return { kind: 'async', at, source: parsePlainSource(reader) };
}

function parsePlainSource(reader: ScriptReader): RunSource {
  if (!startsSource(reader) && !(reader.isSymbol('(') && reader.peek(1).kind === 'word')) throw reader.unexpected();
  reader.expectSymbol('(');
  let source: RunSource;
  if (reader.is('EXECUTE IMMEDIATE')) source = parseExecuteImmediate(reader);
  else if (reader.is('CALL')) source = parseCall(reader);
  else if (startsBlock(reader)) source = blockSource(reader);
  else source = parseSql(reader);
  reader.expectSymbol(')');
  const target = source.kind === 'sql' ? source.into[0] : source.kind === 'call' ? source.sql.into[0] : undefined;
  if (target !== undefined) throw SnowflakeError.of('intoNotAllowed', reader.placeOf(source.at));
  return source;
}

/** A block as a source is one of its own: nothing of the script is seen in it. */
function blockSource(reader: ScriptReader): SqlStatement {
  const from = reader.position;
  for (let depth = 0; ; reader.next()) {
    const token = reader.peek();
    if (token.kind === 'end') throw reader.unexpected();
    if (token.kind !== 'symbol') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')' && (depth -= 1) < 0) break;
  }
  const whole = reader.slice(from);
  return { kind: 'sql', at: whole.at, text: whole.text, tokens: [], bindsBefore: whole.bindsBefore, into: [] };
}

/** https://docs.snowflake.com/en/developer-guide/snowflake-scripting/asynchronous-child-jobs */
export function startsAsync(reader: ScriptReader): boolean {
  return reader.is('ASYNC') && reader.peek(1).text === '(';
}
