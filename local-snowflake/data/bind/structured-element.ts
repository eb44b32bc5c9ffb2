import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { renderType, types } from '../../sql/types.ts';
import { type Bound, bound } from './bound.ts';
import { castTo } from './cast.ts';
import type { ExpressionContext } from './expression-context.ts';
import { fieldAt, letIn, those } from './structured-sql.ts';

/**
 * The element at an index, the field of a constant name, the value of a key, in its own type.
 * https://docs.snowflake.com/en/sql-reference/data-types-structured#accessing-values-and-elements-from-values-of-structured-types
 */
export function structuredElement(of: Bound, index: Bound, name: string, context: ExpressionContext): Bound {
  const { type, sql } = of;
  const { facts } = context.bind.ports;
  switch (type.kind) {
    case 'STRUCTURED_ARRAY': {
      if (index.type.kind !== 'NUMBER') break;
      const at = `CAST(${index.sql} AS BIGINT)`;
      return bound(
        type.element.type,
        letIn(at, (place) => `CASE WHEN ${place} >= 0 THEN (${sql})[${place} + 1] END`),
      );
    }
    case 'STRUCTURED_OBJECT': {
      const key = index.constant?.cell;
      if (typeof key !== 'string' || index.type.kind !== 'VARCHAR') throw SnowflakeError.of('notConstant', { name, argument: '2' });
      const place = type.fields.findIndex((field) => field.name === key);
      const field = type.fields[place];
      if (field === undefined) throw SnowflakeError.of('fieldMissing', { name, field: key });
      return bound(field.type, fieldAt(sql, place), of.nullable || field.nullable);
    }
    case 'MAP': {
      const key = castTo(index, type.key.kind === 'VARCHAR' ? types.varchar() : type.key, 'implicit', facts);
      const found = those(sql, (entry) => `(${entry}).k = ${key.sql}`, key.sql);
      return bound(type.value.type, `((${found})[1]).v`);
    }
    default:
  }
  throw SnowflakeError.of('invalidArgumentTypes', { name, types: `${renderType(type)}, ${renderType(index.type)}` });
}
