import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldIdentifier, parseName, quoteName } from '../../../local-snowflake/sql/identifier.ts';
import { tokenize } from '../../../local-snowflake/sql/lexer.ts';
import { likeMatcher, quoteString } from '../../../local-snowflake/sql/literal.ts';
import { splitStatements } from '../../../local-snowflake/sql/split-statements.ts';

const texts = (sql: string): string[] => tokenize(sql).map((token) => token.text);

describe('tokens', () => {
  // https://docs.snowflake.com/en/sql-reference/data-types-text
  test.each([
    ["'it''s'", "it's"],
    [String.raw`'a\nb'`, 'a\nb'],
    [String.raw`'\'quoted\''`, "'quoted'"],
    [String.raw`'\u26c4'`, '\u26c4'],
    ['$$no \\escape$$', 'no \\escape'],
  ])('string constant %s', (written, value) => {
    expect(tokenize(written)[0]).toMatchObject({ kind: 'string', value });
  });

  test('any text survives quoting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [token, end] = tokenize(quoteString(text));
        expect(token?.value).toBe(text);
        expect(end?.kind).toBe('end');
      }),
    );
  });

  test('any name survives quoting', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (name) => {
        expect(parseName(quoteName(name))).toEqual(name);
      }),
    );
  });

  test('comments of three kinds are dropped', () => {
    expect(texts('select /* a; b */ 1 -- c\n , 2 // d')).toEqual(['select', '1', ',', '2', '']);
  });

  test('a path into a column is not a bind variable', () => {
    expect(tokenize('src:name').map((token) => token.kind)).toEqual(['word', 'symbol', 'word', 'end']);
    expect(tokenize('where a = :name').at(-2)).toMatchObject({ kind: 'bind', value: ':NAME' });
  });

  test('unquoted identifiers fold to upper case', () => {
    expect(foldIdentifier('myTable$1')).toBe('MYTABLE$1');
    expect(foldIdentifier('"my ""T"""')).toBe('my "T"');
  });

  test('an unterminated string is a syntax error that says where', () => {
    expect(() => tokenize("select\n  'abc")).toThrow("syntax error line 2 at position 2 unexpected '''.");
  });
});

describe('splitting', () => {
  test.each([
    ['select 1; select 2;', ['select 1', 'select 2']],
    ["select ';'; -- ;\nselect $$;$$", ["select ';'", 'select $$;$$']],
    // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks
    [
      'begin let x := 1; if (x > 0) then return x; end if; end; select 2',
      ['begin let x := 1; if (x > 0) then return x; end if; end', 'select 2'],
    ],
    ['declare x int; begin select case when 1=1 then 2 end; end', ['declare x int; begin select case when 1=1 then 2 end; end']],
    ['begin; insert into t values (1); commit', ['begin', 'insert into t values (1)', 'commit']],
    [
      'begin begin transaction; commit; begin; rollback; end; select 3',
      ['begin begin transaction; commit; begin; rollback; end', 'select 3'],
    ],
    [
      'declare p procedure() returns int as begin return 1; end; x int; begin call p(); end; select 4',
      ['declare p procedure() returns int as begin return 1; end; x int; begin call p(); end', 'select 4'],
    ],
    ['create task t as begin select 1; select 2; end; select 3', ['create task t as begin select 1; select 2; end', 'select 3']],
    [' ; ;', []],
  ])('%s', (text, statements) => {
    expect(splitStatements(text)).toEqual(statements);
  });
});

// https://docs.snowflake.com/en/sql-reference/sql/show-tasks: LIKE is case-insensitive, with % and _
test.each([
  ['dag%', 'DAG$PREPARE', true],
  ['D_G', 'dog', true],
  ['D_G', 'doog', false],
  [String.raw`a\_b`, 'axb', false],
  ['a.b', 'axb', false],
])('LIKE %s matches %s: %s', (pattern, text, expected) => {
  expect(likeMatcher(pattern)(text)).toBe(expected);
});
