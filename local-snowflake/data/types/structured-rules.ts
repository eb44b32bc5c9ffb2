import type { FieldType, InnerType, SnowflakeType } from '../../sql/types.ts';
import { commonType } from './common-type.ts';

const structuredKinds: readonly SnowflakeType['kind'][] = ['STRUCTURED_ARRAY', 'STRUCTURED_OBJECT', 'MAP'];

export function isStructured(type: SnowflakeType): boolean {
  return structuredKinds.includes(type.kind);
}

/** Whether a structured type, or one inside it, becomes the other by itself. */
export function coerces(from: SnowflakeType, to: SnowflakeType): boolean {
  if (from.kind === 'STRUCTURED_ARRAY' && to.kind === 'STRUCTURED_ARRAY') return coerces(from.element.type, to.element.type);
  if (from.kind === 'STRUCTURED_OBJECT' && to.kind === 'STRUCTURED_OBJECT') return coercesFields(from.fields, to.fields);
  if (from.kind === 'MAP' && to.kind === 'MAP') return from.key.kind === to.key.kind && coerces(from.value.type, to.value.type);
  if (from.kind === 'VECTOR' || to.kind === 'VECTOR' || isStructured(from) || isStructured(to)) return false;
  if (from.kind === to.kind) return true;
  const numeric = (type: SnowflakeType): boolean => type.kind === 'NUMBER' || type.kind === 'FLOAT';
  const zoned = (type: SnowflakeType): boolean => type.kind === 'TIMESTAMP_LTZ' || type.kind === 'TIMESTAMP_TZ';
  return (numeric(from) && numeric(to)) || (zoned(from) && zoned(to));
}

/** The same keys in the same order. */
function coercesFields(from: readonly FieldType[], to: readonly FieldType[]): boolean {
  return (
    from.length === to.length &&
    from.every((field, index) => {
      const other = to[index];
      return other !== undefined && field.name === other.name && coerces(field.type, other.type);
    })
  );
}

/** The type that two structured values of one kind become; undefined where neither becomes the other. */
export function commonStructured(a: SnowflakeType, b: SnowflakeType): SnowflakeType | undefined {
  if (!coerces(a, b)) return undefined;
  if (a.kind === 'STRUCTURED_ARRAY' && b.kind === 'STRUCTURED_ARRAY') {
    const element = commonInner(a.element, b.element);
    return element === undefined ? undefined : { kind: 'STRUCTURED_ARRAY', element };
  }
  if (a.kind === 'STRUCTURED_OBJECT' && b.kind === 'STRUCTURED_OBJECT') {
    const fields = a.fields.flatMap((field, index): FieldType[] => {
      const other = b.fields[index];
      const inner = other === undefined ? undefined : commonInner(field, other);
      return inner === undefined ? [] : [{ name: field.name, ...inner }];
    });
    return fields.length === a.fields.length ? { kind: 'STRUCTURED_OBJECT', fields } : undefined;
  }
  if (a.kind === 'MAP' && b.kind === 'MAP') {
    const key = commonType(a.key, b.key);
    const value = commonInner(a.value, b.value);
    return key === undefined || value === undefined ? undefined : { kind: 'MAP', key, value };
  }
  return undefined;
}

function commonInner(a: InnerType, b: InnerType): InnerType | undefined {
  const type = commonType(a.type, b.type);
  return type === undefined ? undefined : { type, nullable: a.nullable || b.nullable };
}
