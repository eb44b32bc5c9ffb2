import { SnowflakeError } from '../../errors/snowflake-error.ts';

const initial = 'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE';
const minimum = 'SERVERLESS_TASK_MIN_STATEMENT_SIZE';
const maximum = 'SERVERLESS_TASK_MAX_STATEMENT_SIZE';

/** Parameters that hold a warehouse size and are for serverless tasks alone. */
export const sizeParameters: ReadonlySet<string> = new Set([initial, minimum, maximum]);

const ranks: Readonly<Record<string, number>> = {
  XSMALL: 0,
  SMALL: 1,
  MEDIUM: 2,
  LARGE: 3,
  XLARGE: 4,
  XXLARGE: 5,
  X2LARGE: 5,
  XXXLARGE: 6,
  X3LARGE: 6,
  X4LARGE: 7,
  X5LARGE: 8,
  X6LARGE: 9,
};

/** Order of a warehouse size, from XSMALL = 0; undefined when it is none. `2X-LARGE` and `X2LARGE` are the same. */
export function sizeRank(size: string): number | undefined {
  const upper = size.toUpperCase().replace(/[-_ ]/gu, '');
  return ranks[upper] ?? ranks[upper.replace(/^([2-6])X/u, 'X$1')];
}

/**
 * Checks the sizes set on one task against each other; naming one for a task with a warehouse is refused.
 * https://docs.snowflake.com/en/sql-reference/sql/create-task (SERVERLESS_TASK_MIN_STATEMENT_SIZE)
 * @throws SnowflakeError `taskWarehouseAndSize`, `taskNotServerless`, `taskSizeAbove`, `taskSizeBelow`
 */
export function checkSizes(
  parameters: Readonly<Record<string, string>>,
  serverless: boolean,
  named: { has(parameter: string): boolean },
): void {
  if (!serverless) {
    if (named.has(initial)) throw SnowflakeError.of('taskWarehouseAndSize', {});
    for (const parameter of [minimum, maximum]) {
      if (named.has(parameter)) throw SnowflakeError.of('taskNotServerless', { parameter });
    }
    // What was set while the task was serverless stays, without effect.
    return;
  }
  checkOrder(parameters, minimum, maximum, (low, lowSize, high, highSize) =>
    SnowflakeError.of('taskSizeAbove', { low, lowSize, high, highSize }),
  );
  checkOrder(parameters, minimum, initial, (low, lowSize, high, highSize) =>
    SnowflakeError.of('taskSizeBelow', { low, lowSize, high, highSize }),
  );
  checkOrder(parameters, initial, maximum, (low, lowSize, high, highSize) =>
    SnowflakeError.of('taskSizeAbove', { low, lowSize, high, highSize }),
  );
}

function checkOrder(
  parameters: Readonly<Record<string, string>>,
  low: string,
  high: string,
  refusal: (low: string, lowSize: string, high: string, highSize: string) => SnowflakeError,
): void {
  const lowSize = parameters[low];
  const highSize = parameters[high];
  if (lowSize === undefined || highSize === undefined) return;
  if ((sizeRank(lowSize) ?? 0) > (sizeRank(highSize) ?? 0)) throw refusal(low, lowSize, high, highSize);
}
