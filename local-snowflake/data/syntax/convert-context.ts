import type { Raw } from './raw-tree.ts';

/** What the converters need beside the library's tree. */
export interface ConvertContext {
  /** Column names of a SELECT's items as Snowflake makes them from the text, in order. */
  labels(selectToken: Raw): readonly string[];
  /** The stage location a stand-in name stands for, if it is one. */
  location(name: string): string | undefined;
}
