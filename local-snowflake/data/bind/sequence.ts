import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { displayName } from '../../sql/identifier.ts';
import { types } from '../../sql/types.ts';
import type { Identifier } from '../syntax/tree.ts';
import { sequenceLiteral } from '../table-storage.ts';
import type { Bound } from './bound.ts';
import type { ExpressionContext } from './expression-context.ts';

/** `name.NEXTVAL`. https://docs.snowflake.com/en/user-guide/querying-sequences */
export function isSequenceReference(parts: readonly Identifier[]): boolean {
  const last = parts.at(-1);
  return parts.length > 1 && last?.name === 'NEXTVAL' && !last.quoted;
}

export function bindSequence(parts: readonly Identifier[], context: ExpressionContext): Bound {
  const name = parts.slice(0, -1).map((part) => part.name);
  const sequence = context.bind.ports.sequence?.(name);
  if (sequence !== undefined) return nextValue(sequence.physicalName);
  throw SnowflakeError.of('objectDoesNotExist', { kind: 'Sequence', name: displayName(name) });
}

export function nextValue(physicalName: string): Bound {
  return {
    type: types.number(38, 0),
    sql: `CAST(nextval(${sequenceLiteral(physicalName)}) AS DECIMAL(38,0))`,
    nullable: false,
    volatile: true,
  };
}
