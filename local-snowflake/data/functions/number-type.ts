import type { Bound } from '../bind/bound.ts';
import type { NumberType } from '../types/numeric-rules.ts';

/** The NUMBER type of an argument that the overload has made a NUMBER. */
export function numberType(value: Bound | undefined): NumberType {
  if (value?.type.kind === 'NUMBER') return value.type;
  throw new Error('the parameter takes a NUMBER');
}
