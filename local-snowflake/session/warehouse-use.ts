import type { StatementPorts } from '../data/ports.ts';
import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { OwnTable } from '../objects/effects.ts';
import { dataPorts } from './data-ports.ts';
import type { Statement } from './statement.ts';

/**
 * The warehouse while one statement runs on it. What needs one: whatever reads or writes rows of tables, views, streams, staged files,
 * INFORMATION_SCHEMA and table functions, or calls Python. What Snowflake's services layer answers alone needs none: constants and
 * context functions, SYSTEM$ functions, RESULT_SCAN, and every statement that is no query, no DML and no COPY.
 * https://docs.snowflake.com/en/user-guide/warehouses-overview
 * https://docs.snowflake.com/en/sql-reference/info-schema#considerations-for-replacing-show-commands-with-information-schema-views
 */
export class WarehouseUse {
  readonly #statement: Statement;
  #end: (() => Promise<void>) | undefined;

  constructor(statement: Statement) {
    this.#statement = statement;
  }

  /**
   * Says that the statement works on data, which resumes a suspended warehouse with AUTO_RESUME. What runs with its owner's rights runs
   * on its caller's warehouse, whatever the owner may use.
   * @throws SnowflakeError `noActiveWarehouse` when there is none, the roles may not use it (any more), or it is suspended for good
   */
  require(): void {
    const { state, scope } = this.#statement;
    if (this.#end !== undefined || state.isServerless) return;
    const warehouse = scope.currentWarehouse;
    if (warehouse === undefined) throw SnowflakeError.of('noActiveWarehouse', {});
    const stopped = warehouse.properties['STATE'] === 'SUSPENDED' && warehouse.properties['AUTO_RESUME'] !== true;
    const allowed = state.hasOwnersRights || scope.authorizer.holds(scope.roles, warehouse, 'USAGE');
    if (stopped || !allowed) throw SnowflakeError.of('noActiveWarehouse', {});
    this.#end = state.account.warehouses.begin(warehouse.id, scope.queryId);
  }

  async ended(): Promise<void> {
    await this.#end?.();
    this.#end = undefined;
  }
}

/** Runs `work` with ports that take the statement's warehouse as soon as data is asked for. */
export async function onWarehouse<T>(
  statement: Statement,
  work: (ports: StatementPorts) => Promise<T>,
  own?: ReadonlyMap<string, OwnTable>,
): Promise<T> {
  const warehouse = new WarehouseUse(statement);
  try {
    return await work(dataPorts(statement, { own, warehouse }));
  } finally {
    await warehouse.ended();
  }
}
