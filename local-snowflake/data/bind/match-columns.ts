import { id } from '../syntax/build-tree.ts';

/** Columns that the rows of MATCH_RECOGNIZE have beside their own; no name that can be written without quotes begins like this. */
export const hidden = {
  partition: id('$MATCH_PARTITION'),
  /** Of the row in its partition, from 1. */
  place: id('$MATCH_PLACE'),
  /** A 1 for each of the symbols that the row may be mapped to. */
  mask: id('$MATCH_MASK'),
  /** What was found of the row, see native/match-functions.ts. */
  row: id('$MATCH_ROW'),
  match: id('$MATCH_NUMBER'),
  sequence: id('$MATCH_SEQUENCE'),
  symbol: id('$MATCH_SYMBOL'),
  excluded: id('$MATCH_EXCLUDED'),
  last: id('$MATCH_LAST'),
  what: id('$MATCH_WHAT'),
} as const;
