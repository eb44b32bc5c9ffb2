import { maxVarcharLength, renderType, type SnowflakeType } from '../../sql/types.ts';
import { stringBound } from '../bind/literal-bound.ts';
import { datePart } from './date-part.ts';
import { truncateDate } from './date-time.ts';
import { type FunctionDefinition, special, withParts } from './function-definition.ts';
import { builtNumericTruncate } from './numeric.ts';
import { isTimestamp } from '../types/common-type.ts';
import { isStructured } from '../types/structured-rules.ts';

/** Functions that are several in one name, and those that only look at types. */
export const otherFunctions: readonly FunctionDefinition[] = [
  withParts(
    special('TRUNC', 'trunc', 'scalar', (call) => {
      const { type } = call.arg(0);
      return type.kind === 'DATE' || type.kind === 'TIME' || isTimestamp(type) ? truncateDate(call) : builtNumericTruncate(call);
    }),
    1,
  ),
  withParts(
    special('EXTRACT', 'extract', 'scalar', (call) => datePart(call, call.constant(0), call.arg(1))),
    0,
  ),
  special('SYSTEM$TYPEOF', 'system_typeof', 'scalar', (call) => {
    const value = call.arg(0);
    return stringBound(value.untyped === true ? 'NULL[LOB]' : `${shown(value.type)}[${storage(value.type)}]`);
  }),
];

/** Text of any length inside another type has no length. */
function shown(type: SnowflakeType): string {
  const rendered = renderType(type);
  return isStructured(type) ? rendered.replaceAll(`(${String(maxVarcharLength)})`, '') : rendered;
}

/** The storage class that SYSTEM$TYPEOF shows behind the type. */
function storage(type: Parameters<typeof renderType>[0]): string {
  switch (type.kind) {
    case 'NUMBER':
      return type.precision <= 2
        ? 'SB1'
        : type.precision <= 4
          ? 'SB2'
          : type.precision <= 9
            ? 'SB4'
            : type.precision <= 18
              ? 'SB8'
              : 'SB16';
    case 'FLOAT':
      return 'DOUBLE';
    case 'BOOLEAN':
      return 'SB1';
    case 'DATE':
      return 'SB4';
    case 'TIME':
      return 'SB8';
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return 'SB16';
    default:
      return 'LOB';
  }
}
