import type { StatementFacts } from '../ports.ts';

/**
 * Output and input formats in force. https://docs.snowflake.com/en/sql-reference/parameters
 */
const defaults: Readonly<Record<string, string>> = {
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS',
  TIMESTAMP_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF3',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: '',
  TIMESTAMP_TZ_OUTPUT_FORMAT: '',
  DATE_INPUT_FORMAT: 'AUTO',
  TIME_INPUT_FORMAT: 'AUTO',
  TIMESTAMP_INPUT_FORMAT: 'AUTO',
  BINARY_OUTPUT_FORMAT: 'HEX',
  BINARY_INPUT_FORMAT: 'HEX',
};

export function sessionFormat(facts: Pick<StatementFacts, 'parameter'>, parameter: keyof typeof defaults): string {
  const set = facts.parameter(parameter);
  const value = set === undefined || set === '' ? (defaults[parameter] ?? '') : set;
  if (value === '' && parameter.startsWith('TIMESTAMP_')) return sessionFormat(facts, 'TIMESTAMP_OUTPUT_FORMAT');
  return value;
}
