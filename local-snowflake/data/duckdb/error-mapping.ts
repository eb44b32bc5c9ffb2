import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { withoutTags } from '../types/variant-tags.ts';
import { decodeError } from './raised.ts';

type Mapping = readonly [pattern: RegExp, map: (match: RegExpExecArray) => SnowflakeError];

const numeric = /^(?:DECIMAL|DOUBLE|FLOAT|HUGEINT|U?(?:BIG|SMALL|TINY)?INT|INT\d+|U?INTEGER|U?INT\d+)/iu;

/** DuckDB's messages that a statement's data, not our SQL, brings about. */
const mappings: readonly Mapping[] = [
  [/Could not convert string ["']([\s\S]*)["'] to (\w+(?:\([^)]*\))?)/u, (match) => conversion(match[1] ?? '', match[2] ?? '')],
  [
    /(?:Could not cast value|Type \w+ with value) (\S+)[\s\S]* to ([\w(),]+)/u,
    (match) => outOfRange(match[1] ?? '', match[2] ?? ''),
  ],
  [/Casting value "([^"]*)" to type ([\w(),]+) failed/u, (match) => outOfRange(match[1] ?? '', match[2] ?? '')],
  [
    /(?:invalid date field format|date field value out of range): "([\s\S]*?)"/u,
    (match) => SnowflakeError.of('dateNotRecognized', { value: match[1] ?? '' }),
  ],
  [
    /(?:invalid timestamp field format|timestamp field value out of range): "([\s\S]*?)"/u,
    (match) => SnowflakeError.of('timestampNotRecognized', { value: match[1] ?? '' }),
  ],
  [
    /(?:invalid time field format|time field value out of range): "([\s\S]*?)"/u,
    (match) => SnowflakeError.of('timeNotRecognized', { value: match[1] ?? '' }),
  ],
  [/Overflow in \w+ of [\w(),]+ \(([\s\S]*?)\)/u, (match) => outOfRange(match[1] ?? '', 'NUMBER(38,0)')],
  [
    /(?:Out of Range Error|is out of range)[\s\S]*/u,
    (match) => outOfRange(match[0].replace(/^Out of Range Error:\s*/u, '').split('\n')[0] ?? '', 'the result type'),
  ],
  [/NOT NULL constraint failed/u, () => SnowflakeError.of('nullInNonNullable', {})],
  [/More than one row returned by a subquery/u, () => SnowflakeError.of('singleRowSubquery', {})],
  [
    /Malformed JSON[\s\S]*|Invalid JSON[\s\S]*/u,
    (match) => SnowflakeError.of('jsonParse', { reason: match[0].split('\n')[0] ?? '' }),
  ],
  [/INTERRUPT Error|Interrupted!/u, () => SnowflakeError.of('queryCancelled', {})],
  // A commit that could not be written down is no conflict: to try it again would go on until the disk has room.
  [
    /(?:Could not write|Failed to (?:write|commit|flush|sync))[\s\S]*(?:No space left on device|File too large|Disk quota exceeded)/iu,
    (match) => SnowflakeError.of('internal', { message: match[0] }),
  ],
  [
    /TransactionContext Error: (?:Conflict|Failed to commit)|Transaction conflict|write-write conflict/u,
    () => SnowflakeError.of('transactionConflict', {}),
  ],
];

/** A fault of DuckDB as Snowflake reports it; `sql` goes into the message of what should not happen. */
export function asDataError(error: unknown, sql: string, labels?: ReadonlyMap<string, string>): SnowflakeError {
  if (error instanceof SnowflakeError) return error;
  const message = withoutTags(error instanceof Error ? error.message : String(error));
  const raised = decodeError(message);
  if (raised !== undefined) return raised;
  const plain = message.replace(/\n\nLINE \d+:[\s\S]*$/u, '');
  for (const [pattern, map] of mappings) {
    const match = pattern.exec(plain);
    if (match !== null) return map(match);
  }
  const ungrouped = /column "?(\w+)"? must appear in the GROUP BY clause/u.exec(plain);
  if (ungrouped !== null) return SnowflakeError.of('notGrouped', { expression: labels?.get(ungrouped[1] ?? '') ?? 'expression' });
  const shown = process.env['LOCAL_SNOWFLAKE_SHOW_SQL'] === undefined ? '' : `\n${sql}`;
  return SnowflakeError.of('internal', { message: `${plain}${shown}` });
}

function conversion(value: string, type: string): SnowflakeError {
  if (numeric.test(type)) {
    // A number that is one, but too large for the type, fails with the same words.
    if (value.trim() !== '' && Number.isFinite(Number(value))) return outOfRange(value, type);
    return SnowflakeError.of('numericNotRecognized', { value });
  }
  if (type.startsWith('BOOL')) return SnowflakeError.of('booleanNotRecognized', { value });
  if (type.startsWith('DATE')) return SnowflakeError.of('dateNotRecognized', { value });
  if (type.startsWith('TIMESTAMP')) return SnowflakeError.of('timestampNotRecognized', { value });
  if (type.startsWith('TIME')) return SnowflakeError.of('timeNotRecognized', { value });
  return SnowflakeError.of('execution', { message: `'${value}' does not convert to ${type}` });
}

function outOfRange(value: string, type: string): SnowflakeError {
  const decimal = /^DECIMAL\((\d+),(\d+)\)/u.exec(type);
  const shown = decimal === null ? type : `FIXED(${decimal[1] ?? ''},${decimal[2] ?? ''})`;
  return SnowflakeError.of('numberUnrepresentable', { value, type: shown });
}
