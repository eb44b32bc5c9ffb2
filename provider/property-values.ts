/** JSON values as the engine sends them: plain data, with one marked text where a value is not known yet. */
export type PropertyValue = null | boolean | number | string | readonly PropertyValue[] | PropertyMap;
export interface PropertyMap {
  readonly [name: string]: PropertyValue;
}

/** Stands for a value that only exists after the update (Pulumi's wire protocol). */
export const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** True if the value, or anything in it, is not known yet. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  if (typeof value === 'string') return value.includes(unknownValue);
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (value !== null && typeof value === 'object') return Object.values(value).some(containsUnknown);
  return false;
}

/** A value that is text, or ''. */
export function textOf(value: PropertyValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Equality of property values; an absent property equals `null`. */
export function sameValue(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || left === null || right === undefined || right === null) {
    return (left ?? null) === (right ?? null);
  }
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameValue(item, right[index]))
    );
  }
  const [leftMap, rightMap] = [left as PropertyMap, right as PropertyMap];
  return [...new Set([...Object.keys(leftMap), ...Object.keys(rightMap)])].every((name) =>
    sameValue(leftMap[name], rightMap[name]),
  );
}
