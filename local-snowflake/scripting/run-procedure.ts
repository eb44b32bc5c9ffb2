import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { TypedValue } from '../objects/extensions.ts';
import { isTable, type Routine, type RoutineReturns } from '../objects/routine.ts';
import { column, type ResultColumn, type ResultSet } from '../sql/result-set.ts';
import { sameType, type SnowflakeType, types } from '../sql/types.ts';
import { castTo } from './evaluate.ts';
import type { Returned } from './frame.ts';
import { parseScript } from './parse-script.ts';
import { runScript } from './run-script.ts';
import { widened } from './run-step.ts';
import { asException, ScriptError } from './script-error.ts';
import type { ScriptPort } from './script-port.ts';

/** Told of the values that output arguments have in the end, by position. */
export type TakesOutput = (index: number, value: TypedValue) => void;

/**
 * Runs the body of a procedure written in Snowflake Scripting.
 * https://docs.snowflake.com/en/developer-guide/stored-procedure/stored-procedures-snowflake-scripting
 * @param columnName names the column of a scalar result
 */
export async function runProcedure(
  routine: Routine,
  columnName: string,
  args: readonly TypedValue[],
  port: ScriptPort,
  output: TakesOutput = () => undefined,
): Promise<ResultSet> {
  const script = parseScript(routine.body ?? '');
  const values: { name: string; value: TypedValue }[] = [];
  for (const [index, { name, type }] of routine.parameters.entries()) {
    values.push({ name, value: await castTo(args[index] ?? { type, cell: null }, roomy(type), port) });
  }
  const { returns } = routine;
  const returned = await runScript(script, port, {
    arguments: values,
    returns: isTable(returns) ? 'TABLE' : 'SCALAR',
    positional: new Map(),
    ended: (scope) => {
      for (const [index, parameter] of routine.parameters.entries()) {
        const entry = scope.find(parameter.name);
        if (parameter.output === true && entry?.kind === 'value') output(index, { type: entry.type, cell: entry.cell });
      }
    },
  });
  if (isTable(returns)) return tableResult(returned, returns.table);
  const value = await scalar(returned, returns, script.text, port);
  return { columns: [column(columnName, value.type)], rows: [[value.cell]] };
}

/** The length of a text parameter is not held against its argument. */
function roomy(type: SnowflakeType): SnowflakeType {
  return type.kind === 'VARCHAR' ? types.varchar() : type;
}

/** A simple value takes the declared type; any other expression keeps its own, as does NULL of a body without RETURN. */
async function scalar(returned: Returned | undefined, type: SnowflakeType, text: string, port: ScriptPort): Promise<TypedValue> {
  if (returned?.kind !== 'value') return widened({ type, cell: null });
  if (!returned.simple) return returned.value;
  try {
    return widened(await castTo(returned.value, type, port));
  } catch (thrown) {
    const error = asException('EXPRESSION_ERROR', thrown, returned.at, port.signal);
    throw error instanceof ScriptError ? error.uncaught(text) : error;
  }
}

/** The table that was returned, under the declared names and types; its values are not converted. */
function tableResult(returned: Returned | undefined, declared: Exclude<RoutineReturns, SnowflakeType>['table']): ResultSet {
  if (returned?.kind !== 'table') throw SnowflakeError.of('missingReturn', {});
  const { result } = returned;
  if (declared.length === 0) return result;
  const fits =
    declared.length === result.columns.length && declared.every((each, index) => sameFamily(each, result.columns[index]));
  if (!fits) throw SnowflakeError.of('returnedTable', {});
  return { columns: declared, rows: result.rows };
}

function sameFamily({ type }: ResultColumn, other: ResultColumn | undefined): boolean {
  if (other === undefined) return false;
  const sized = type.kind === 'NUMBER' || type.kind === 'VARCHAR' || type.kind === 'BINARY';
  return sized ? other.type.kind === type.kind : sameType(type, other.type);
}
