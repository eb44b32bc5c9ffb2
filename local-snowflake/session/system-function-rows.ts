import type { PythonFunction } from '../data/ports.ts';
import type { SystemFunctionDefinition } from '../objects/extensions.ts';
import type { ObjectScope } from '../objects/object-scope.ts';
import { type ArgumentColumns, argumentRows } from '../sql/argument-columns.ts';
import { type PackedColumn, textColumn } from '../sql/packed-column.ts';
import type { Cell } from '../sql/result-set.ts';

const definitions = new WeakMap<PythonFunction, SystemFunctionDefinition>();

/** A function of the system that takes values of rows, as one of the data plane that is called with them; undefined for the others. */
export function functionOfRows(definition: SystemFunctionDefinition, count: number): PythonFunction | undefined {
  const { parameters } = definition;
  if (parameters === undefined) return undefined;
  const fn: PythonFunction = {
    language: 'PYTHON',
    name: [definition.name],
    id: definition.name,
    parameters: parameters.slice(0, count).map((type, index) => ({ name: `#${String(index)}`, type })),
    returns: definition.returns,
    nullHandling: 'STRICT',
    volatility: 'VOLATILE',
  };
  definitions.set(fn, definition);
  return fn;
}

/** Its results for rows, in their order; undefined when it is no function of the system. */
export function callForRows(fn: PythonFunction, args: ArgumentColumns, scope: ObjectScope): Promise<PackedColumn> | undefined {
  const definition = definitions.get(fn);
  return definition && callEach(definition, fn, args, scope);
}

async function callEach(
  definition: SystemFunctionDefinition,
  fn: PythonFunction,
  args: ArgumentColumns,
  scope: ObjectScope,
): Promise<PackedColumn> {
  const types = fn.parameters.map((parameter) => parameter.type);
  const cells: Cell[] = [];
  for (const row of argumentRows(args, types)) {
    cells.push(
      await definition.call(
        fn.parameters.map(({ type }, index) => ({ type, cell: row[index] ?? null })),
        scope,
      ),
    );
  }
  return textColumn(cells);
}
