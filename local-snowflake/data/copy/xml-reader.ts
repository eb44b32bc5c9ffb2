import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { contentOf, elementName, parseXmlDocuments } from '../native/xml-value.ts';
import type { XmlFormat } from './file-format.ts';
import type { JsonRecord } from './json-reader.ts';

/** The documents of an XML file, or the elements within them. https://docs.snowflake.com/en/sql-reference/sql/create-file-format#type-xml */
export function* readXml(text: string, format: XmlFormat): Generator<JsonRecord> {
  for (const { line, value } of parseXmlDocuments(text, format.autoConvert)) {
    if (elementName(value) === 'SnowflakeData' && !format.plainSnowflakeData)
      throw SnowflakeError.of('unsupported', { feature: '<SnowflakeData> without DISABLE_SNOWFLAKE_DATA = TRUE' });
    const items = format.stripOuterElement ? contentOf(value).filter((item) => elementName(item) !== undefined) : [value];
    for (const item of items) yield { line, value: item };
  }
}
