import { restExpression } from '../../session/rest-expression.ts';
import { quoteString } from '../../sql/literal.ts';
import { type JsonObject, objectOf, optionalText } from '../fields.ts';
import { MalformedRequest } from '../malformed-request.ts';

/** AT or BEFORE as `point_of_time` of a clone's request says it; empty without one. @throws MalformedRequest, SnowflakeError `invalidPropertyValue` */
export function pointOfTime(body: JsonObject): string {
  const value = body['point_of_time'];
  if (value === undefined || value === null) return '';
  const point = objectOf(value, "'point_of_time'");
  const reference = (optionalText(point, 'reference') ?? 'at').toUpperCase();
  if (reference !== 'AT' && reference !== 'BEFORE') throw new MalformedRequest(400, "'reference' must be at or before.");
  return `${reference} (${argument(point)})`;
}

function argument(point: JsonObject): string {
  const type = optionalText(point, 'point_of_time_type');
  switch (type) {
    case 'statement':
      return `STATEMENT => ${quoteString(textOf(point, type))}`;
    case 'offset':
    case 'timestamp':
      return `${type.toUpperCase()} => ${restExpression(type, textOf(point, type))}`;
    default:
      throw new MalformedRequest(400, "'point_of_time_type' must be offset, statement or timestamp.");
  }
}

function textOf(point: JsonObject, name: string): string {
  const text = optionalText(point, name);
  if (text === undefined) throw new MalformedRequest(400, `The text '${name}' is missing.`);
  return text;
}
