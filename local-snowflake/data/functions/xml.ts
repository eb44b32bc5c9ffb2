import { types } from '../../sql/types.ts';
import { bound } from '../bind/bound.ts';
import { type FunctionDefinition, scalar, special, takes } from './function-definition.ts';

const text = types.varchar();
const { object } = types;
const converted = ['STR', 'DISABLE_AUTO_CONVERT'];

/** XML within OBJECTs. https://docs.snowflake.com/en/user-guide/semistructured-data-formats#label-xml-format */
export const xmlFunctions: readonly FunctionDefinition[] = [
  {
    ...scalar(
      'PARSE_XML',
      'parse_xml',
      takes('text boolean?', object, ([x = '', plain = 'false']) => `CAST(sf_parse_xml(${x}, ${plain}) AS JSON)`, 'always'),
    ),
    argumentNames: converted,
  },
  {
    ...scalar(
      'CHECK_XML',
      'check_xml',
      takes('text boolean?', text, ([x = '']) => `sf_check_xml(${x})`, 'always'),
    ),
    argumentNames: converted,
  },
  scalar(
    'XMLGET',
    'xmlget',
    takes(
      'json text integer?',
      object,
      ([x = '', tag = '', instance = '0']) => `CAST(sf_xml_get(CAST(${x} AS VARCHAR), ${tag}, ${instance}) AS JSON)`,
      'always',
    ),
  ),
  special('TO_XML', 'to_xml', 'scalar', (call) => {
    if (call.args.length !== 1) throw call.countError('1');
    const value = call.cast(call.arg(0), types.variant, 'explicit');
    return bound(text, `sf_to_xml(CAST(${value.sql} AS VARCHAR))`, value.nullable);
  }),
];
