import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { sessionParameters } from '../../objects/parameters.ts';
import { types } from '../../sql/types.ts';
import { cell, column } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { control, rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { onWarehouse } from '../warehouse-use.ts';
import { commitOpen } from './transaction.ts';

/** ALTER SESSION { SET p = v … | UNSET p, … } https://docs.snowflake.com/en/sql-reference/sql/alter-session */
export async function alterSession(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const settings = stream.accept('SET') ? readSettings(stream) : readUnset(stream);
  stream.expectEnd();
  // https://docs.snowflake.com/en/sql-reference/transactions#autocommit: whatever it was, and is then.
  if (settings.has('AUTOCOMMIT')) await commitOpen(statement);
  const { overrides } = statement.state;
  for (const [name, value] of settings) {
    if (value === undefined) overrides.delete(name);
    else overrides.set(name, value);
  }
  return control();
}

function readSettings(stream: TokenStream): Map<string, string> {
  const settings = new Map<string, string>();
  do {
    settings.set(...readParameter(stream));
    stream.acceptSymbol(',');
  } while (!stream.atEnd && !stream.isSymbol(';'));
  return settings;
}

function readUnset(stream: TokenStream): Map<string, undefined> {
  stream.expect('UNSET');
  const settings = new Map<string, undefined>();
  do settings.set(knownParameter(stream.identifier()), undefined);
  while (stream.acceptSymbol(','));
  return settings;
}

function readParameter(stream: TokenStream): readonly [string, string] {
  const name = knownParameter(stream.identifier());
  stream.expectSymbol('=');
  const token = stream.peek();
  const parameter = sessionParameters[name];
  const raw =
    token.kind === 'string' || token.kind === 'bind'
      ? stream.string()
      : token.kind === 'word'
        ? stream.next().text
        : String(stream.integer());
  const value = parameter?.type === 'BOOLEAN' ? raw.toLowerCase() : raw;
  const fits =
    parameter === undefined ||
    parameter.type === 'STRING' ||
    (parameter.type === 'BOOLEAN' ? /^(?:true|false)$/u : /^-?[0-9]+$/u).test(value);
  if (!fits) throw SnowflakeError.of('invalidPropertyValue', { property: name, value: raw });
  return [name, value];
}

/** Parameters that clients set and the documentation does not list are taken, as Snowflake takes them from its own drivers. */
const clientParameters =
  /^(?:PYTHON_|JDBC_|ODBC_|GO_|CLIENT_|JS_|SNOWPARK_|ENABLE_|FEATURE_|USE_|SHOW_|PROTOBUF_|C_API_|SERVICE_NAME$|(?:LOCAL_)?SNOWFLAKE_)/u;

function knownParameter(name: string): string {
  if (sessionParameters[name] === undefined && !clientParameters.test(name)) {
    throw SnowflakeError.of('invalidProperty', { property: name, kind: 'SESSION' });
  }
  return name;
}

/** SET v = expr | SET (a, b) = (x, y). https://docs.snowflake.com/en/sql-reference/sql/set */
export async function setVariable(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const names = stream.isSymbol('(') ? stream.identifiers() : [stream.identifier()];
  stream.expectSymbol('=');
  const expressions = names.length === 1 ? [stream.restText()] : splitTuple(stream);
  if (expressions.length !== names.length) throw stream.unexpected();
  for (const [index, name] of names.entries()) {
    const value = await onWarehouse(statement, (ports) => statement.state.connection.evaluate(expressions[index] ?? '', ports));
    statement.state.variables.set(name, value);
  }
  return control();
}

function splitTuple(stream: TokenStream): string[] {
  const expressions: string[] = [];
  stream.expectSymbol('(');
  let start = stream.peek().start;
  for (let depth = 1; depth > 0;) {
    const token = stream.next();
    if (token.kind === 'end') throw stream.unexpected(token);
    if (token.text === '(' && token.kind === 'symbol') depth += 1;
    if (token.text === ')' && token.kind === 'symbol') depth -= 1;
    if ((token.text === ',' && depth === 1) || depth === 0) {
      expressions.push(stream.text.slice(start, token.start).trim());
      start = token.end;
    }
  }
  stream.expectEnd();
  return expressions;
}

/** UNSET v [, …] */
export function unsetVariable(stream: TokenStream, statement: Statement): StatementResult {
  const parenthesised = stream.acceptSymbol('(');
  do statement.state.variables.delete(stream.identifier());
  while (stream.acceptSymbol(','));
  if (parenthesised) stream.expectSymbol(')');
  stream.expectEnd();
  return control();
}

/** SHOW VARIABLES. https://docs.snowflake.com/en/sql-reference/sql/show-variables */
export function showVariables(stream: TokenStream, statement: Statement): StatementResult {
  stream.expectEnd();
  return rows(statementTypes.show, {
    columns: [column('session_id', types.number(38, 0)), column('name'), column('value'), column('type')],
    rows: [...statement.state.variables].map(([name, value]) => [
      cell.number(statement.state.id),
      name,
      value.cell,
      value.type.kind.toLowerCase(),
    ]),
  });
}
