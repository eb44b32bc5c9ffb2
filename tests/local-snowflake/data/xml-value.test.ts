import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../local-snowflake/data/native/json-value.ts';
import { elementName, parseXml, xmlText } from '../../../local-snowflake/data/native/xml-value.ts';

interface Tree {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly items: readonly (Tree | string)[];
}

const names = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,6}$/u);
const words = fc
  .string({ minLength: 1 })
  .map((text) => text.trim())
  .filter((text) => text !== '');
const { tree } = fc.letrec<{ tree: Tree; item: Tree | string }>((tie) => ({
  tree: fc.record({
    tag: names,
    attributes: fc.dictionary(names, fc.string(), { maxKeys: 3, noNullPrototype: true }),
    items: fc.array(tie('item'), { maxLength: 4 }),
  }),
  item: fc.oneof({ depthSize: 'small' }, words, tie('tree')),
}));

const escape = (text: string): string => text.replace(/[<>&"]/gu, (character) => `&#${String(character.codePointAt(0))};`);

/** Text beside text would be one text, so each stands beside an element. */
function written({ tag, attributes, items }: Tree): string {
  const inside = items.map((item) => (typeof item === 'string' ? `${escape(item)}<br/>` : written(item)));
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`);
  return `<${tag}${given.join('')}>${inside.join(' ')}</${tag}>`;
}

// https://docs.snowflake.com/en/sql-reference/functions/parse_xml
describe('XML in OBJECTs', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(tree, fc.boolean(), (value, laidOut) => {
        const parsed = parseXml(written(value), false);
        expect(elementName(parsed)).toBe(value.tag);
        expect(parseXml(xmlText(parsed, laidOut), false)).toEqual(parsed);
      }),
    );
  });

  test('is laid out with each item on a line of its own', () => {
    const shown = (text: string): string => xmlText(parseXml(text, true), true);
    expect(shown('<t1>foo<t2>bar</t2><t3></t3></t1>')).toBe('<t1>\n  foo\n  <t2>bar</t2>\n  <t3></t3>\n</t1>');
    expect(shown('<a> <b><c>1</c></b></a>')).toBe('<a>\n  <b>\n    <c>1</c>\n  </b>\n</a>');
  });

  test.each(['', 'x', '<a', '<a b>', '<a b=1/>', '<a></b>', '<a/><b/>', '<a><!-- </a>', '<a b="1" b="2"/>', '<a>&#99999999;</a>'])(
    'refuses %j',
    (text) => {
      expect((): JsonObject => parseXml(text, true)).toThrow(/^Error parsing XML: .+, pos \d+$/u);
    },
  );
});
