import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { parameters } from '../../objects/parameters.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { accountParameterRecord } from '../account-parameters.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';

/** ALTER ACCOUNT { SET p = v … | UNSET p, … }. https://docs.snowflake.com/en/sql-reference/sql/alter-account */
export async function alterAccount(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const { scope, state } = statement;
  if (!scope.authorizer.holdsGlobal(scope.roles, 'ALL')) {
    throw SnowflakeError.of('insufficientPrivileges', { kind: 'account', name: state.account.facts.account });
  }
  const set = stream.accept('SET');
  if (!set) stream.expect('UNSET');
  const changes: (readonly [string, string | undefined])[] = [];
  do {
    const token = stream.peek();
    const name = stream.identifier();
    if (parameters[name] === undefined) throw SnowflakeError.of('invalidProperty', { property: token.text, kind: 'ACCOUNT' });
    if (set) stream.expectSymbol('=');
    changes.push([name, set ? readValue(stream) : undefined]);
    stream.acceptSymbol(',');
  } while (!stream.atEnd && !stream.isSymbol(';'));
  stream.expectEnd();
  await state.account.records.change((change) => {
    for (const [name, value] of changes) {
      const record = accountParameterRecord(name, value ?? '');
      if (value === undefined) change.delete(record.id);
      else change.put(record);
    }
  });
  return control();
}

function readValue(stream: TokenStream): string {
  const token = stream.peek();
  if (token.kind === 'string' || token.kind === 'bind') return stream.string();
  return token.kind === 'word' ? stream.next().text : String(stream.integer());
}
