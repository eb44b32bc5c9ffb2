import { SnowflakeError } from '../errors/snowflake-error.ts';
import { parseLabel, parseStatements } from './parse-block.ts';
import type { ScriptReader } from './script-reader.ts';
import type { Branch, Expression, Statement } from './tree.ts';

/** IF, CASE, FOR, WHILE, REPEAT, LOOP; undefined when none of them comes next. */
export function parseControl(reader: ScriptReader): Statement | undefined {
  const { start: at, value, kind } = reader.peek();
  if (kind !== 'word') return undefined;
  switch (value) {
    case 'IF':
      return parseIf(reader, at);
    case 'CASE':
      return parseCase(reader, at);
    case 'FOR':
      return parseFor(reader, at);
    case 'WHILE':
      return parseWhile(reader, at);
    case 'REPEAT':
      return parseRepeat(reader, at);
    case 'LOOP': {
      reader.next();
      const body = parseStatements(reader, ['END']);
      parseEnd(reader, 'LOOP');
      return { kind: 'loop', at, body, label: parseLabel(reader) };
    }
    default:
      return undefined;
  }
}

/** `END IF` and the like; each word is reported where it is missing. */
function parseEnd(reader: ScriptReader, kind: string): void {
  reader.expect('END');
  reader.expect(kind);
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/if */
function parseIf(reader: ScriptReader, at: number): Statement {
  const branches: Branch[] = [];
  reader.expect('IF');
  do {
    const condition = reader.parenthesisedExpression();
    reader.expect('THEN');
    branches.push({ condition, body: parseStatements(reader, ['ELSEIF', 'ELSE', 'END']) });
  } while (reader.accept('ELSEIF'));
  const otherwise = reader.accept('ELSE') ? parseStatements(reader, ['END']) : undefined;
  parseEnd(reader, 'IF');
  return { kind: 'if', at, branches, otherwise };
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/case */
function parseCase(reader: ScriptReader, at: number): Statement {
  reader.expect('CASE');
  const operand = reader.is('WHEN') ? undefined : reader.expression(['WHEN']);
  const branches: Branch[] = [];
  reader.expect('WHEN');
  do {
    const condition = reader.expression(['THEN']);
    reader.expect('THEN');
    branches.push({ condition, body: parseStatements(reader, ['WHEN', 'ELSE', 'END']) });
  } while (reader.accept('WHEN'));
  const otherwise = reader.accept('ELSE') ? parseStatements(reader, ['END']) : undefined;
  reader.expect('END');
  reader.accept('CASE');
  return { kind: 'case', at, operand, branches, otherwise };
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/for */
function parseFor(reader: ScriptReader, at: number): Statement {
  reader.expect('FOR');
  const name = reader.nameAt();
  reader.expect('IN');
  const token = reader.peek();
  if ((token.kind === 'word' || token.kind === 'quoted') && reader.peek(1).kind === 'word' && reader.peek(1).value === 'DO') {
    const source = reader.nameAt();
    reader.expect('DO');
    const body = parseStatements(reader, ['END']);
    parseEnd(reader, 'FOR');
    return { kind: 'forRows', at, row: name, source, body, label: parseLabel(reader) };
  }
  refuseQuery(reader);
  const reverse = reader.accept('REVERSE');
  const from = reader.expression(['TO']);
  reader.expect('TO');
  const to = reader.expression(['DO', 'LOOP']);
  const body = parseLoopBody(reader, 'FOR');
  return { kind: 'forRange', at, counter: name, reverse, from, to, body, label: parseLabel(reader) };
}

/** `FOR r IN (SELECT …) DO`; `FOR i IN (SELECT …) TO n DO` counts from what the query gives. */
function refuseQuery(reader: ScriptReader): void {
  if (!reader.isSymbol('(') || !['SELECT', 'WITH', 'CALL', 'EXECUTE'].includes(reader.peek(1).value)) return;
  const from = reader.position;
  reader.next();
  reader.skipToClosing();
  if (reader.is('DO'))
    throw SnowflakeError.of('unsupported', { feature: 'FOR over a query that is neither a cursor nor a RESULTSET' });
  reader.rewind(from);
}

/** `DO … END <kind>` or `LOOP … END LOOP` */
function parseLoopBody(reader: ScriptReader, kind: 'FOR' | 'WHILE'): Statement[] {
  const loop = reader.accept('LOOP');
  if (!loop) reader.expect('DO');
  const body = parseStatements(reader, ['END']);
  parseEnd(reader, loop ? 'LOOP' : kind);
  return body;
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/while */
function parseWhile(reader: ScriptReader, at: number): Statement {
  reader.expect('WHILE');
  const condition = reader.parenthesisedExpression();
  const body = parseLoopBody(reader, 'WHILE');
  return { kind: 'while', at, condition, body, label: parseLabel(reader) };
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/repeat */
function parseRepeat(reader: ScriptReader, at: number): Statement {
  reader.expect('REPEAT');
  const body = parseStatements(reader, ['UNTIL']);
  reader.expect('UNTIL');
  const until: Expression = reader.parenthesisedExpression();
  parseEnd(reader, 'REPEAT');
  return { kind: 'repeat', at, body, until, label: parseLabel(reader) };
}
