import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, parseJsonDocuments, prettyJson, writeJson } from '../../../local-snowflake/data/native/json-value.ts';

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
};

// https://docs.snowflake.com/en/sql-reference/functions/parse_json
describe('JSON', () => {
  it('keeps every document, with its keys in order', () => {
    const document = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(document, (text) => {
        expect(JSON.parse(writeJson(parseJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('writes keys sorted by their code points, without blanks', () => {
    const keys = fc.dictionary(fc.stringMatching(/^[a-zA-Z_]{1,5}$/u), fc.integer());
    fc.assert(
      fc.property(keys, (value) => {
        expect(writeJson(parseJson(JSON.stringify(value, null, 2)))).toBe(JSON.stringify(sorted(value)));
      }),
    );
  });

  it('keeps all digits of numbers', () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        expect(writeJson(parseJson(String(value)))).toBe(String(value));
      }),
    );
  });

  it.each([
    ['{a: 1}', '{"a":1}'],
    ['[1,,2]', '[1,null,2]'],
    ['{"a":1,}', '{"a":1}'],
    ['TRUE', 'true'],
    ['12.300', '12.3'],
    ['-0', '0'],
    ['1.5e3', '1.500000000000000e+03'],
    ['{"a":1,"a":2}', '{"a":2}'],
    [String.raw`"\u00e9\n"`, String.raw`"é\n"`],
  ])('reads %s', (text, expected) => {
    expect(writeJson(parseJson(text))).toBe(expected);
  });

  it.each([
    ['{"a":', 'incomplete JSON, pos 6'],
    ['{"a":x}', 'unknown keyword "x", pos 6'],
    ['"abc', 'unfinished string, pos 5'],
    ['{} {}', 'more than one document in the input, pos 4'],
  ])('refuses %s', (text, reason) => {
    expect(() => parseJson(text)).toThrow(`Error parsing JSON: ${reason}`);
  });

  it('indents as results show it', () => {
    expect(prettyJson(parseJson('{"b":[1,{"c":[]}],"a":{}}'))).toBe(
      '{\n  "a": {},\n  "b": [\n    1,\n    {\n      "c": []\n    }\n  ]\n}',
    );
  });

  it('reads documents one after the other', () => {
    const documents = [...parseJsonDocuments('{"a":1}\n{"a":\n2}, 3\n')];
    expect(documents.map(({ line, value }) => [line, writeJson(value)])).toEqual([
      [1, '{"a":1}'],
      [2, '{"a":2}'],
      [3, '3'],
    ]);
  });
});
