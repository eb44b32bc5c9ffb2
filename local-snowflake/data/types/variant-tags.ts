/**
 * JSON has no dates, times, timestamps and binaries, a VARIANT has: there they are strings behind one of these characters.
 * Unicode keeps them from all interchange, so that no text begins with one; they never leave the data plane.
 * https://docs.snowflake.com/en/sql-reference/data-types-semistructured#label-data-type-variant
 */
export const variantTags = {
  DATE: '\uFDD0',
  TIME: '\uFDD1',
  TIMESTAMP_NTZ: '\uFDD2',
  TIMESTAMP_LTZ: '\uFDD3',
  TIMESTAMP_TZ: '\uFDD4',
  BINARY: '\uFDD5',
} as const;

export type TaggedKind = keyof typeof variantTags;

/** A class of regular expressions that matches each of them. */
export const anyTag = '[\uFDD0-\uFDD5]';

/** The text as it is shown. */
export function withoutTags(text: string): string {
  return text.replace(/[\uFDD0-\uFDD5]/gu, '');
}
