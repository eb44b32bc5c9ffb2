import { type Bound, bound } from './bound.ts';
import { each, fieldAt, letIn, packed } from './structured-sql.ts';

/**
 * What stands for a structured value where it matters which of two is larger: elements in turn, fields in the order of their
 * names; `keyOf` is that of a value inside.
 * https://docs.snowflake.com/en/sql-reference/data-types-structured#comparing-structured-values-with-other-structured-values
 */
export function structuredKey(value: Bound, keyOf: (value: Bound) => string): string {
  const { type, sql } = value;
  switch (type.kind) {
    case 'STRUCTURED_ARRAY':
      return keyOf(bound(type.element.type, 'x')) === 'x' ? sql : each(sql, (item) => keyOf(bound(type.element.type, item)));
    case 'STRUCTURED_OBJECT': {
      const places = type.fields.map((field, place) => ({ field, place })).sort((a, b) => (a.field.name < b.field.name ? -1 : 1));
      return letIn(sql, (object) => {
        const keys = places.map(({ field, place }) => keyOf(bound(field.type, fieldAt(object, place))));
        return `CASE WHEN ${object} IS NULL THEN NULL ELSE ${packed(keys)} END`;
      });
    }
    case 'MAP':
      return each(sql, (entry) => `struct_pack(k := (${entry}).k, v := ${keyOf(bound(type.value.type, `(${entry}).v`))})`);
    default:
      return sql;
  }
}
