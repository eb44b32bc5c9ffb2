import { SnowflakeError } from '../../errors/snowflake-error.ts';
import { element } from '../bind/bind-path.ts';
import type { Bound } from '../bind/bound.ts';
import { numberBound, stringBound } from '../bind/literal-bound.ts';
import { structuredElement } from '../bind/structured-element.ts';
import { pathSteps } from '../native/json-functions.ts';
import { isStructured } from '../types/structured-rules.ts';
import type { CallSite } from './call-site.ts';
import type { FunctionDefinition } from './function-definition.ts';

/** Ways into semi-structured values, into structured ones as well, where the key or path must be constant. */
const bindings: Readonly<Record<string, (call: CallSite) => Bound>> = { GET_PATH: getPath, GET_IGNORE_CASE: getIgnoreCase };

/** https://docs.snowflake.com/en/sql-reference/data-types-structured#accessing-values-and-elements-from-values-of-structured-types */
export function intoStructured(definition: FunctionDefinition): FunctionDefinition {
  const binding = definition.names.map((name) => bindings[name]).find((found) => found !== undefined);
  if (binding === undefined) return definition;
  return {
    ...definition,
    bind: (call) => (call.args.some((arg) => isStructured(arg.type)) ? binding(call) : definition.bind(call)),
  };
}

function getPath(call: CallSite): Bound {
  if (call.args.length !== 2) throw call.countError('2');
  return pathSteps(call.constant(1)).reduce<Bound>((value, step) => {
    const index = typeof step === 'number' ? numberBound(String(step)) : stringBound(step);
    return isStructured(value.type)
      ? structuredElement(value, index, call.name, call.context)
      : element(value, index, call.context);
  }, call.arg(0));
}

/** A key of the very case goes before others. */
function getIgnoreCase(call: CallSite): Bound {
  if (call.args.length !== 2) throw call.countError('2');
  const value = call.arg(0);
  if (value.type.kind !== 'STRUCTURED_OBJECT') throw call.typesError();
  const key = call.constant(1);
  const { fields } = value.type;
  const found =
    fields.find((field) => field.name === key) ?? fields.find((field) => field.name.toLowerCase() === key.toLowerCase());
  if (found === undefined) throw SnowflakeError.of('fieldMissing', { name: call.name, field: key });
  return structuredElement(value, stringBound(found.name), call.name, call.context);
}
