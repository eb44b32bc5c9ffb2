import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { Extension } from '../objects/extensions.ts';
import type { Clock } from '../platform/clock.ts';
import { types } from '../sql/types.ts';
import { StatementScope } from './statement-scope.ts';

const milliseconds: Readonly<Record<string, number>> = {
  DAYS: 86_400_000,
  HOURS: 3_600_000,
  MINUTES: 60_000,
  SECONDS: 1000,
  MILLISECONDS: 1,
  MICROSECONDS: 1e-3,
  NANOSECONDS: 1e-6,
};

/** SYSTEM$WAIT(amount [, unit]), on the account's clock. https://docs.snowflake.com/en/sql-reference/functions/system_wait */
export const waitFunction: Extension = {
  systemFunctions: [
    {
      name: 'SYSTEM$WAIT',
      page: 'functions/system_wait',
      returns: types.varchar(),
      call: async (args, scope) => {
        const [amount = '', unit = 'SECONDS'] = args.map((each) => each.cell ?? '');
        const factor = milliseconds[unit.toUpperCase()];
        if (args.length < 1 || args.length > 2)
          throw SnowflakeError.of('argumentCount', { name: 'SYSTEM$WAIT', expected: '1', got: args.length });
        if (factor === undefined || !/^\d+(?:\.\d+)?$/u.test(amount)) {
          throw SnowflakeError.of('invalidArgument', { name: 'SYSTEM$WAIT', value: factor === undefined ? unit : amount });
        }
        if (!(scope instanceof StatementScope)) throw new Error('SYSTEM$WAIT without a session');
        await waited(scope.state.account.clock, Number(amount) * factor, scope.signal);
        return `waited ${amount} ${unit.toLowerCase()}`;
      },
    },
  ],
};

/** Resolves after `duration` milliseconds. @throws SnowflakeError `queryCancelled` */
function waited(clock: Clock, duration: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = clock.at(clock.now() + duration, resolve);
    const cancelled = (): void => {
      stop();
      reject(SnowflakeError.of('queryCancelled', {}));
    };
    if (signal.aborted) cancelled();
    else signal.addEventListener('abort', cancelled, { once: true });
  });
}
