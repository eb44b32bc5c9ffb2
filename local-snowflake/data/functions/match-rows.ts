import { types } from '../../sql/types.ts';
import { bound } from '../bind/bound.ts';
import { duckString } from '../duckdb/text.ts';
import { type FunctionDefinition, special } from './function-definition.ts';

/** No name that can be written without quotes begins like this. */
export const matchRowsName = '$MATCH_ROWS_OF';

/** The matches in a partition, see native/match-functions.ts: pattern, symbols, where to go on, unmatched rows or not; masks of the rows. */
export const matchRows: FunctionDefinition = special(matchRowsName, '../constructs/match_recognize', 'scalar', (call) => {
  const [pattern, symbols, skip, unmatched] = [0, 1, 2, 3].map((index) => call.constant(index));
  const names = (JSON.parse(symbols ?? '[]') as string[]).map(duckString).join(', ');
  const masks = `CAST(json_extract_string(${call.arg(4).sql}, '$[*]') AS VARCHAR[])`;
  const found = `sf_match_rows(${duckString(pattern ?? '')}, CAST([${names}] AS VARCHAR[]), ${duckString(skip ?? '')}, ${unmatched ?? 'false'}, ${masks})`;
  return bound(types.array, `CAST(${found} AS JSON)`, false);
});
