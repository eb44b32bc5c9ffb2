import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { readSignature } from '../../objects/signature.ts';
import { column } from '../../sql/result-set.ts';
import type { TokenStream } from '../../sql/token-stream.ts';
import { types } from '../../sql/types.ts';
import { rows, type Statement, type StatementResult, statementTypes } from '../statement.ts';
import { findObject } from './find-object.ts';

/** DESCRIBE | DESC <kind> <name> */
export async function describeObject(stream: TokenStream, statement: Statement): Promise<StatementResult> {
  const kind = statement.state.account.registry.takeKind(stream);
  if (kind === undefined) throw SnowflakeError.of('unsupported', { feature: `DESCRIBE ${stream.peek().text}` });
  const name = stream.name();
  const object = findObject(kind, name, kind.overloaded === true ? readSignature(stream) : '', statement);
  const described = await kind.describe?.(object, statement.scope, stream);
  stream.expectEnd();
  return rows(
    statementTypes.describe,
    described ?? {
      columns: kind.show.map((each) => column(each.name, each.type ?? types.varchar())),
      rows: [await Promise.all(kind.show.map(async (each) => each.value(object, statement.scope)))],
    },
  );
}
