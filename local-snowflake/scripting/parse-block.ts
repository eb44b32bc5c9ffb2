import { parseControl } from './parse-control.ts';
import { parseDeclaration, parseValue } from './parse-declaration.ts';
import { parseCall, parseExecuteImmediate, parseSource, parseSql, startsAsync, startsBlock } from './parse-sql.ts';
import { parseStep } from './parse-step.ts';
import type { ScriptReader } from './script-reader.ts';
import type { Block, Declaration, Handler, NameAt, Statement } from './tree.ts';

/**
 * `[DECLARE …] BEGIN … [EXCEPTION …] END [label]`, without a `;` behind it.
 * https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks
 */
export function parseBlock(reader: ScriptReader): Block {
  const at = reader.peek().start;
  const declarations: Declaration[] = [];
  if (reader.accept('DECLARE')) {
    while (!reader.is('BEGIN')) {
      declarations.push(parseDeclaration(reader, false));
      reader.semicolon();
    }
  }
  reader.expect('BEGIN');
  const body = parseStatements(reader, ['EXCEPTION', 'END']);
  const handlers = reader.accept('EXCEPTION') ? parseHandlers(reader) : [];
  reader.expect('END');
  return { kind: 'block', at, declarations, body, handlers, label: parseLabel(reader) };
}

/** https://docs.snowflake.com/en/sql-reference/snowflake-scripting/exception */
function parseHandlers(reader: ScriptReader): Handler[] {
  const handlers: Handler[] = [];
  do {
    reader.expect('WHEN');
    const names: NameAt[] = [];
    do names.push(reader.nameAt());
    while (reader.accept('OR'));
    const continues = reader.accept('CONTINUE');
    if (!continues) reader.accept('EXIT');
    reader.expect('THEN');
    handlers.push({ names, continues, body: parseStatements(reader, ['WHEN', 'END']) });
  } while (reader.is('WHEN'));
  return handlers;
}

/** The label that may follow END. */
export function parseLabel(reader: ScriptReader): string | undefined {
  const { kind } = reader.peek();
  if (reader.is('END') || (kind !== 'word' && kind !== 'quoted')) return undefined;
  return reader.identifier();
}

/** Statements, each with its `;`, up to one of `ends`; at least one. */
export function parseStatements(reader: ScriptReader, ends: readonly string[]): Statement[] {
  const statements: Statement[] = [];
  reader.deeper();
  while (!reader.isAny(ends) || (statements.length === 0 && !reader.atEnd)) {
    if (reader.isAny(ends)) throw reader.unexpected();
    statements.push(parseStatement(reader));
    reader.semicolon();
  }
  reader.shallower();
  return statements;
}

/** One statement of a block, without its `;`. */
export function parseStatement(reader: ScriptReader): Statement {
  const token = reader.peek();
  const { start: at } = token;
  if (token.kind === 'word' || token.kind === 'quoted') {
    const operator = reader.peek(1);
    if (operator.text === ':=' && operator.kind === 'symbol') {
      const target = reader.nameAt();
      reader.next();
      return { kind: 'assign', at, target, operatorAt: operator.start, value: parseValue(reader) };
    }
  }
  if (token.kind !== 'word' && !reader.isSymbol('(')) throw reader.unexpected();
  if (startsBlock(reader)) return parseBlock(reader);
  if (reader.accept('LET')) return { kind: 'let', at, declaration: parseDeclaration(reader, true) };
  if (reader.is('EXECUTE IMMEDIATE') && !reader.is('EXECUTE IMMEDIATE FROM')) return parseExecuteImmediate(reader);
  if (reader.is('CALL')) return parseCall(reader);
  if (startsAsync(reader)) {
    const source = parseSource(reader);
    if (source.kind === 'async') return source;
  }
  return parseControl(reader) ?? parseStep(reader) ?? parseSql(reader);
}
