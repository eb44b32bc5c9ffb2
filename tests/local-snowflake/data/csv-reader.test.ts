import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvHeader, readCsv } from '../../../local-snowflake/data/copy/csv-reader.ts';
import { type CsvFormat, resolveFormat } from '../../../local-snowflake/data/copy/file-format.ts';
import type { FileFormatOptions } from '../../../local-snowflake/data/ports.ts';

function csv(options: FileFormatOptions = {}): CsvFormat {
  const format = resolveFormat({ TYPE: 'CSV', ...options });
  if (format.type !== 'CSV') throw new Error('not CSV');
  return format;
}

function fields(text: string, options: FileFormatOptions = {}): (readonly (string | null)[])[] {
  return [...readCsv(text, csv(options))].map((record) => record.fields);
}

// https://docs.snowflake.com/en/sql-reference/sql/create-file-format#type-csv
describe('readCsv', () => {
  it('reads back what was written with every field enclosed', () => {
    const enclosed = fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(enclosed, fc.constantFrom('\n', '\r\n', '\r'), (rows, newline) => {
        const text = rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',') + newline).join('');
        expect(fields(text, { FIELD_OPTIONALLY_ENCLOSED_BY: '"', NULL_IF: [] })).toEqual(rows);
      }),
    );
  });

  it('reads back plain fields with any delimiter', () => {
    const plain = fc.stringMatching(/^[a-z0-9 ]{1,8}$/u);
    const rowsOf = fc.array(fc.array(plain, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(rowsOf, fc.constantFrom('|', ';', '\t', '::'), (rows, delimiter) => {
        const text = rows.map((row) => row.join(delimiter)).join('\n');
        expect(fields(text, { FIELD_DELIMITER: delimiter })).toEqual(rows);
      }),
    );
  });

  it.each<[string, FileFormatOptions, string, (string | null)[][]]>([
    ['empty fields are NULL', {}, 'a,,b\n', [['a', null, 'b']]],
    ['unless they are to stay empty', { EMPTY_FIELD_AS_NULL: false }, 'a,,b\n', [['a', '', 'b']]],
    ['an enclosed empty field is empty', { FIELD_OPTIONALLY_ENCLOSED_BY: '"' }, 'a,"",b\n', [['a', '', 'b']]],
    [String.raw`\N is NULL by default`, {}, String.raw`a,\N,b`, [['a', null, 'b']]],
    ['NULL_IF', { NULL_IF: ['-', 'NULL'] }, '-,NULL,x\n', [[null, null, 'x']]],
    ['headers are skipped', { SKIP_HEADER: 2 }, 'h\ng\n1\n', [['1']]],
    ['blank lines', { SKIP_BLANK_LINES: true }, '1\n\n \n2\n', [['1'], ['2']]],
    ['spaces around fields', { TRIM_SPACE: true, FIELD_OPTIONALLY_ENCLOSED_BY: '"' }, ' a , " b " ,c\n', [['a', ' b ', 'c']]],
    ['a newline inside an enclosure', { FIELD_OPTIONALLY_ENCLOSED_BY: '"' }, '"a\nb",c\n', [['a\nb', 'c']]],
    ['an escape outside of enclosures', {}, 'a\\,b,c\\n\n', [['a,b', 'c\n']]],
    ['an escape inside', { FIELD_OPTIONALLY_ENCLOSED_BY: "'", ESCAPE: '\\' }, "'it\\'s',1\n", [["it's", '1']]],
    ['one column without a delimiter', { FIELD_DELIMITER: 'NONE' }, 'a,b\n', [['a,b']]],
    [
      'records by another delimiter',
      { RECORD_DELIMITER: ';' },
      '1,2;3,4',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
  ])('%s', (_, options, text, expected) => {
    expect(fields(text, options)).toEqual(expected);
  });

  it('says where a record begins and why it cannot be read', () => {
    const records = [...readCsv('"a\nb",1\n"c"x,2\n3,4\n', csv({ FIELD_OPTIONALLY_ENCLOSED_BY: '"' }))];
    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [1, undefined],
      [3, "Found character 'x' instead of field delimiter ','"],
      [4, undefined],
    ]);
  });

  it('takes column names from the first line', () => {
    expect(csvHeader('id,"full name"\n1,x\n', csv({ PARSE_HEADER: true, FIELD_OPTIONALLY_ENCLOSED_BY: '"' }))).toEqual([
      'id',
      'full name',
    ]);
  });
});
