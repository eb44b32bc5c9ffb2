import type { ScriptReader } from './script-reader.ts';
import type { Expression, Statement } from './tree.ts';

/** The statements that stand on one line: BREAK, OPEN, FETCH, CLOSE, RETURN, RAISE, NULL …; undefined when none of them comes next. */
export function parseStep(reader: ScriptReader): Statement | undefined {
  const { start: at, value, kind } = reader.peek();
  if (kind !== 'word') return undefined;
  switch (value) {
    case 'BREAK':
    case 'EXIT':
    case 'CONTINUE':
    case 'ITERATE': {
      reader.next();
      const label = reader.isSymbol(';') ? undefined : reader.nameAt();
      return { kind: 'leave', at, how: value === 'BREAK' || value === 'EXIT' ? 'break' : 'continue', label };
    }
    case 'OPEN':
      return parseOpen(reader, at);
    case 'FETCH': {
      reader.next();
      const cursor = reader.nameAt();
      reader.expect('INTO');
      return { kind: 'fetch', at, cursor, into: reader.targets() };
    }
    case 'CLOSE':
      reader.next();
      return { kind: 'close', at, cursor: reader.nameAt() };
    case 'RETURN':
      return parseReturn(reader, at);
    case 'RAISE':
      reader.next();
      return { kind: 'raise', at, exception: reader.isSymbol(';') ? undefined : reader.nameAt() };
    case 'NULL':
      reader.next();
      return { kind: 'null', at };
    case 'AWAIT':
      reader.next();
      return { kind: 'await', at, resultset: reader.accept('ALL') ? undefined : reader.nameAt() };
    case 'CANCEL':
      reader.next();
      return { kind: 'cancel', at, resultset: reader.nameAt() };
    default:
      return undefined;
  }
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/open */
function parseOpen(reader: ScriptReader, at: number): Statement {
  reader.expect('OPEN');
  const cursor = reader.nameAt();
  const using: Expression[] = [];
  if (reader.accept('USING')) {
    reader.expectSymbol('(');
    do using.push(reader.expression());
    while (reader.acceptSymbol(','));
    reader.expectSymbol(')');
  }
  return { kind: 'open', at, cursor, using };
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/return */
function parseReturn(reader: ScriptReader, at: number): Statement {
  reader.expect('RETURN');
  if (reader.isSymbol(';')) return { kind: 'return', at, value: undefined };
  if (!(reader.is('TABLE') && reader.peek(1).text === '(')) return { kind: 'return', at, value: reader.expression() };
  reader.expect('TABLE');
  reader.expectSymbol('(');
  const cursor = reader.is('RESULTSET_FROM_CURSOR') && reader.peek(1).text === '(';
  if (cursor) {
    reader.next();
    reader.next();
  }
  const source = reader.nameAt();
  if (cursor) reader.expectSymbol(')');
  reader.expectSymbol(')');
  return { kind: 'returnTable', at, source, cursor };
}
