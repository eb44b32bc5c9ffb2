import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { readSignature } from '../../objects/signature.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { control, type Statement, type StatementResult } from '../statement.ts';
import { findObject } from './find-object.ts';

/** COMMENT [IF EXISTS] ON <kind> <name> IS '…'. https://docs.snowflake.com/en/sql-reference/sql/comment */
export async function commentOn(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  stream.accept('IF EXISTS');
  stream.expect('ON');
  const kind = statement.state.account.registry.takeKind(stream);
  if (kind === undefined) throw SnowflakeError.of('unsupported', { feature: `COMMENT ON ${stream.peek().text}` });
  const object = findObject(kind, stream.name(), kind.overloaded === true ? readSignature(stream) : '', statement);
  stream.expect('IS');
  const comment = stream.string();
  stream.expectEnd();
  statement.scope.authorizer.require(
    statement.scope.roles,
    object,
    'OWNERSHIP',
    ...(kind.alterPrivilege === undefined ? [] : [kind.alterPrivilege]),
  );
  await statement.scope.catalog.change((change) => {
    statement.scope.catalog.update({ ...object, comment }, change);
  });
  return control();
}
