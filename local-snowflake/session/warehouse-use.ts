import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Statement } from './statement.ts';

/**
 * The session's warehouse while one statement runs on it. A session that has none is let do everything: see docs/architecture.md.
 * https://docs.snowflake.com/en/user-guide/warehouses-tasks
 */
export class WarehouseUse {
  readonly #statement: Statement;
  #used = false;

  constructor(statement: Statement) {
    this.#statement = statement;
  }

  /**
   * Says that the statement works on data. What runs with its owner's rights runs on its caller's warehouse, whatever the owner may use.
   * @throws SnowflakeError `noActiveWarehouse` when the session's roles may not use it (any more), or it is suspended for good
   */
  require(): void {
    const { state, scope } = this.#statement;
    const { warehouse } = state;
    if (warehouse === undefined || state.hasOwnersRights) return;
    const stopped = warehouse.properties['STATE'] === 'SUSPENDED' && warehouse.properties['AUTO_RESUME'] !== true;
    if (stopped || !scope.authorizer.holds(scope.roles, warehouse, 'USAGE')) throw SnowflakeError.of('noActiveWarehouse', {});
    this.#used = true;
  }

  /** A suspended warehouse with AUTO_RESUME was resumed by what ran on it. */
  async ended(): Promise<void> {
    const { state, scope } = this.#statement;
    const { warehouse } = state;
    if (!this.#used || warehouse?.properties['STATE'] !== 'SUSPENDED') return;
    const properties = { ...warehouse.properties, STATE: 'STARTED', RESUMED_ON: state.account.clock.now() };
    await scope.catalog.change((change) => {
      scope.catalog.update({ ...warehouse, properties }, change);
    });
  }
}
