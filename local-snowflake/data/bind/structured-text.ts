import type { SnowflakeType } from '../../sql/types.ts';
import { types } from '../../sql/types.ts';
import { duckString } from '../duckdb/text.ts';
import { type Bound, bound } from './bound.ts';
import { variantOf } from './cast-semi-structured.ts';
import { each, fieldAt, letIn } from './structured-sql.ts';

/**
 * How a structured value becomes JSON text: `canonical` inside semi-structured values, its keys sorted by `sf_json`;
 * `shown` with an OBJECT's keys in the type's order, and NULLs in an ARRAY as `undefined`.
 */
export type JsonStyle = 'canonical' | 'shown';

/** SQL (VARCHAR) of a structured value's or a vector's JSON text; NULL for NULL. */
export function structuredText(value: Bound, style: JsonStyle): string {
  const { type, sql } = value;
  switch (type.kind) {
    case 'STRUCTURED_ARRAY':
      return joined(
        '[',
        each(sql, (item) => orNull(bound(type.element.type, item), style, style === 'shown' ? 'undefined' : 'null')),
        ']',
      );
    case 'STRUCTURED_OBJECT':
      return letIn(sql, (object) => {
        const fields = type.fields.map(
          ({ name, type: own }, index) =>
            `${duckString(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`)} || ${orNull(bound(own, fieldAt(object, index)), style, 'null')}`,
        );
        return `CASE WHEN ${object} IS NULL THEN NULL ELSE ${["'{'", ...fields, "'}'"].join(' || ')} END`;
      });
    case 'MAP':
      return joined(
        '{',
        each(sql, (entry) => {
          const key = type.key.kind === 'VARCHAR' ? `(${entry}).k` : `CAST((${entry}).k AS VARCHAR)`;
          return `CAST(to_json(${key}) AS VARCHAR) || ':' || ${orNull(bound(type.value.type, `(${entry}).v`), style, 'null')}`;
        }),
        '}',
      );
    case 'VECTOR':
      return joined(
        '[',
        each(`CAST(${sql} AS ${type.element === 'INT' ? 'INTEGER' : 'FLOAT'}[])`, (item) => vectorItem(type.element, item)),
        ']',
      );
    default:
      return `CAST(${variantOf(value)} AS VARCHAR)`;
  }
}

function joined(open: string, texts: string, close: string): string {
  return `('${open}' || array_to_string(${texts}, ',') || '${close}')`;
}

function orNull(value: Bound, style: JsonStyle, missing: string): string {
  return `coalesce(${structuredText(value, style)}, '${missing}')`;
}

/** Floats of a vector have six decimals, and more where these would not give the same number back. */
function vectorItem(element: 'FLOAT' | 'INT', sql: string): string {
  if (element === 'INT') return `CAST(${sql} AS VARCHAR)`;
  const six = `printf('%.6f', CAST(${sql} AS DOUBLE))`;
  return `CASE WHEN CAST(${six} AS FLOAT) = ${sql} THEN ${six} ELSE CAST(${sql} AS VARCHAR) END`;
}

/** A structured value as the semi-structured one that it is cast to. */
export function asSemiStructured(value: Bound): Bound {
  const type: SnowflakeType = value.type.kind === 'STRUCTURED_ARRAY' || value.type.kind === 'VECTOR' ? types.array : types.object;
  return bound(type, `CAST(sf_json(${structuredText(value, 'canonical')}) AS JSON)`, value.nullable);
}
