import { SnowflakeError } from '../errors/snowflake-error.ts';
import type { NotebookEffects } from '../objects/notebook/notebook-effects.ts';
import { runNotebook } from '../runtime/notebook-run.ts';
import type { WorkerHost } from '../runtime/worker-host.ts';
import { quoteIdentifier } from '../sql/identifier.ts';
import type { Services } from './services.ts';

/** Runs notebooks with the rights of whoever executes them, on a node of their compute pool when they have one. */
export function makeNotebooks(host: WorkerHost, services: Services): NotebookEffects {
  return {
    run: async (order, scope) => {
      const { database, schema, warehouse, pool } = order;
      const role = scope.nameOf(scope.roles.primary) ?? 'PUBLIC';
      const node = pool === null ? undefined : await services.takeNode(pool, scope.signal);
      try {
        const access = await services.openAccess({ user: scope.user, role, warehouse, database, schema }, scope.taskRun);
        try {
          if (scope.signal.aborted) throw SnowflakeError.of('queryCancelled', {});
          return await runNotebook(host, {
            ...order,
            signal: scope.signal,
            login: {
              account: access.account,
              host: access.host,
              port: access.port,
              protocol: 'http',
              user: scope.user,
              token: access.token,
              role: quoteIdentifier(role),
              database: quoteIdentifier(database),
              schema: quoteIdentifier(schema),
              warehouse: quoteIdentifier(warehouse),
            },
          });
        } finally {
          await access.close();
        }
      } finally {
        node?.end();
      }
    },
  };
}
