import { SnowflakeError } from '../errors/snowflake-error.ts';
import { readParameters, readReturns } from '../objects/routine.ts';
import { readType } from '../sql/read-type.ts';
import { parseBlock } from './parse-block.ts';
import { parseCall, parseSource, parseSql, startsAsync, startsBlock, startsSource } from './parse-sql.ts';
import type { ScriptReader } from './script-reader.ts';
import type { Declaration, NameAt, Value } from './tree.ts';

/**
 * One declaration of DECLARE or LET, without its `;`.
 * https://docs.snowflake.com/en/sql-reference/snowflake-scripting/declare
 * https://docs.snowflake.com/en/sql-reference/snowflake-scripting/let
 */
export function parseDeclaration(reader: ScriptReader, inLet: boolean): Declaration {
  const name = reader.nameAt();
  if (reader.accept('CURSOR')) return parseCursor(reader, name);
  if (reader.accept('RESULTSET')) {
    return { kind: 'resultset', name, source: acceptDefault(reader) ? parseSource(reader) : undefined };
  }
  if (!inLet && reader.accept('EXCEPTION')) return parseException(reader, name);
  if (!inLet && reader.is('PROCEDURE') && reader.peek(1).text === '(') return parseProcedure(reader, name);
  const typed = !isDefault(reader);
  const type = typed ? readType(reader) : undefined;
  const value = acceptDefault(reader) ? parseValue(reader) : undefined;
  if (type === undefined && value === undefined) throw reader.unexpected();
  return { kind: 'variable', name, type, value };
}

function isDefault(reader: ScriptReader): boolean {
  return reader.isSymbol(':=') || reader.is('DEFAULT');
}

function acceptDefault(reader: ScriptReader): boolean {
  return reader.acceptSymbol(':=') || reader.accept('DEFAULT');
}

function parseCursor(reader: ScriptReader, name: NameAt): Declaration {
  reader.expect('FOR');
  const token = reader.peek();
  if ((token.kind === 'word' || token.kind === 'quoted') && reader.peek(1).text === ';') {
    return { kind: 'cursor', name, source: reader.nameAt() };
  }
  if (!reader.isAny(['SELECT', 'WITH']) && !reader.isSymbol('(')) throw reader.unexpected();
  const source = parseSql(reader);
  if (source.into.length > 0) throw SnowflakeError.of('intoNotAllowed', reader.placeOf(source.at));
  return { kind: 'cursor', name, source };
}

function parseException(reader: ScriptReader, name: NameAt): Declaration {
  let code = -20_000;
  let message = '';
  if (reader.acceptSymbol('(')) {
    const { start } = reader.peek();
    code = reader.integer();
    if (code < -20_999 || code > -20_000) {
      throw SnowflakeError.of('exceptionNumber', { ...reader.placeOf(start), name: name.name, code: String(code) });
    }
    if (reader.acceptSymbol(',')) message = reader.string();
    reader.expectSymbol(')');
  }
  return { kind: 'exception', name, code, message };
}

/** https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting#using-nested-stored-procedures */
function parseProcedure(reader: ScriptReader, name: NameAt): Declaration {
  reader.expect('PROCEDURE');
  const parameters = readParameters(reader);
  reader.expect('RETURNS');
  const returns = readReturns(reader);
  reader.expect('AS');
  if (!startsBlock(reader)) throw reader.unexpected();
  return { kind: 'procedure', name, parameters, returns, body: parseBlock(reader) };
}

/** What `:=` assigns. */
export function parseValue(reader: ScriptReader): Value {
  if (reader.is('CALL')) return { kind: 'call', call: parseCall(reader) };
  const start = reader.position;
  if (startsAsync(reader)) {
    const source = parseSource(reader);
    return { kind: 'expression', expression: reader.slice(start), source };
  }
  if (!startsSource(reader)) return { kind: 'expression', expression: reader.expression(), source: undefined };
  reader.next();
  reader.skipToClosing();
  const alone = reader.isSymbol(';');
  reader.rewind(start);
  const source = alone ? parseSource(reader) : undefined;
  const expression = source === undefined ? reader.expression() : reader.slice(start);
  return { kind: 'expression', expression, source };
}
