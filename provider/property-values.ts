/** JSON values as the engine sends them: plain data, with one marked text where a value is not known yet. */
export type PropertyValue = null | boolean | number | string | readonly PropertyValue[] | PropertyMap;
export interface PropertyMap {
  readonly [name: string]: PropertyValue;
}

/** Marks a value of a special kind, such as a secret (Pulumi's wire protocol). */
const kindKey = '4dabf18193072939515e22adb298388d';
const secretKind = '1b47061264138c4ac30d75fd1eb44270';

/** The value without the marks of secrets in it: what a provider does with a secret, it does with its value. */
export function withoutSecretMarks(value: PropertyValue): PropertyValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(withoutSecretMarks);
  const map = value as PropertyMap;
  if (map[kindKey] === secretKind) return withoutSecretMarks(map['value'] ?? null);
  return Object.fromEntries(Object.entries(map).map(([name, item]) => [name, withoutSecretMarks(item)]));
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
