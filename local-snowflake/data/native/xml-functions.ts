import { BIGINT, BOOLEAN, VARCHAR } from '@duckdb/node-api';
import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { variantTags } from '../types/variant-tags.ts';
import { isJsonObject, JsonNumber, type JsonValue, parseJson, prettyJson, writeJson } from './json-value.ts';
import type { NativeFunction } from './native-function.ts';
import { contentOf, elementName, parseXml, toXml, xmlText } from './xml-value.ts';

function scalarType(value: JsonValue): string {
  if (value === null) return 'NULL_VALUE';
  if (typeof value === 'boolean') return 'BOOLEAN';
  if (value instanceof JsonNumber) return value.isInteger ? 'INTEGER' : value.text.includes('e') ? 'DOUBLE' : 'DECIMAL';
  const first = typeof value === 'string' ? value.charAt(0) : '';
  return Object.entries(variantTags).find(([, tag]) => tag === first)?.[0] ?? 'VARCHAR';
}

export const xmlNatives: readonly NativeFunction[] = [
  {
    name: 'sf_parse_xml',
    parameters: [VARCHAR, BOOLEAN],
    returns: VARCHAR,
    call: (text, plain) => (String(text).trim() === '' ? null : writeJson(parseXml(String(text), plain !== true))),
  },
  {
    // The fault of text that is no XML, else NULL.
    name: 'sf_check_xml',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text) => {
      try {
        parseXml(String(text), false);
        return null;
      } catch (error) {
        if (error instanceof SnowflakeError) return error.message.replace(/^Error parsing XML: /u, '');
        throw error;
      }
    },
  },
  {
    // The element of that name within an element's content.
    name: 'sf_xml_get',
    parameters: [VARCHAR, VARCHAR, BIGINT],
    returns: VARCHAR,
    call: (text, tag, instance) => {
      const value = parseJson(String(text));
      if (!isJsonObject(value)) return null;
      const found = contentOf(value).filter((item) => elementName(item) === String(tag))[Number(instance)];
      return found === undefined ? null : writeJson(found);
    },
  },
  {
    name: 'sf_to_xml',
    parameters: [VARCHAR],
    returns: VARCHAR,
    call: (text) => toXml(parseJson(String(text)), scalarType),
  },
  {
    // An OBJECT that looks like an element of XML, as it is shown (`laidOut`) or as text.
    name: 'sf_element_text',
    parameters: [VARCHAR, BOOLEAN],
    returns: VARCHAR,
    call: (text, laidOut) => {
      const value = parseJson(String(text));
      if (isJsonObject(value) && elementName(value) !== undefined) return xmlText(value, laidOut === true);
      return laidOut === true ? prettyJson(value) : String(text);
    },
  },
];
