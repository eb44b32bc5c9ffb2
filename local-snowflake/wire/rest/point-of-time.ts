import { tokenize } from '../../sql/lexer.ts';
import { quoteString } from '../../sql/literal.ts';
import { type JsonObject, objectOf, optionalText } from '../fields.ts';
import { MalformedRequest } from '../malformed-request.ts';

/** AT or BEFORE as `point_of_time` of a clone's request says it; empty without one. @throws MalformedRequest */
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
      return `${type.toUpperCase()} => ${expression(textOf(point, type))}`;
    default:
      throw new MalformedRequest(400, "'point_of_time_type' must be offset, statement or timestamp.");
  }
}

function textOf(point: JsonObject, name: string): string {
  const text = optionalText(point, name);
  if (text === undefined) throw new MalformedRequest(400, `The text '${name}' is missing.`);
  return text;
}

/** An expression of SQL, which must not close the parentheses that it is put into. @throws MalformedRequest */
function expression(text: string): string {
  let depth = 0;
  for (const { kind, text: token } of tokenize(text)) {
    if (kind !== 'symbol') continue;
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth < 0 || token === ';' || token === ',' || token === '=>') {
      if (depth > 0 && token === ',') continue;
      throw new MalformedRequest(400, 'The point of time is no expression.');
    }
  }
  if (depth !== 0) throw new MalformedRequest(400, 'The point of time is no expression.');
  // A comment must not swallow what follows.
  return `${text}\n`;
}
