import { SnowflakeError } from '../errors/snowflake-error.ts';
import { TokenStream } from '../sql/token-stream.ts';
import { renderType, type SnowflakeType } from '../sql/types.ts';

interface Literal {
  readonly text: string;
  readonly type: string;
  readonly fits: readonly SnowflakeType['kind'][];
}

/**
 * What the rows that are there get from a column that is added with a DEFAULT: a literal of the column's type, as text; undefined is NULL.
 * https://docs.snowflake.com/en/sql-reference/sql/alter-table#table-column-actions-tablecolumnaction
 *
 * @throws SnowflakeError for expressions, and for literals of other types
 */
export function addedDefault(column: string, type: SnowflakeType, defaultText: string): string | undefined {
  const stream = new TokenStream(defaultText);
  if (stream.accept('NULL') && stream.atEnd) return undefined;
  const literal = readLiteral(stream);
  if (literal === undefined || !stream.atEnd) throw SnowflakeError.of('invalidColumnDefault', { expression: defaultText });
  if (!literal.fits.includes(type.kind))
    throw SnowflakeError.of('columnTypeMismatch', { column, expected: renderType(type), got: literal.type });
  return literal.text;
}

function readLiteral(stream: TokenStream): Literal | undefined {
  for (const kind of ['DATE', 'TIME', 'TIMESTAMP'] as const) {
    if (!stream.is(kind) || stream.peek(1).kind !== 'string') continue;
    stream.accept(kind);
    const type = kind === 'TIMESTAMP' ? 'TIMESTAMP_NTZ' : kind;
    return { text: stream.string(), type, fits: [type] };
  }
  if (stream.peek().kind === 'string') {
    const text = stream.string();
    return { text, type: `VARCHAR(${String(Array.from(text).length)})`, fits: ['VARCHAR'] };
  }
  for (const word of ['TRUE', 'FALSE']) if (stream.accept(word)) return { text: word, type: 'BOOLEAN', fits: ['BOOLEAN'] };
  const sign = stream.acceptSymbol('-') ? '-' : '';
  if (stream.peek().kind !== 'number') return undefined;
  const text = stream.next().text;
  const [whole = '', fraction = ''] = text.split('.');
  const digits = `NUMBER(${String(whole.length + fraction.length)},${String(fraction.length)})`;
  return { text: sign + text, type: digits, fits: ['NUMBER', 'FLOAT'] };
}
