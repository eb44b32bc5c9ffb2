import { z } from 'zod';

import type { Properties, ResourceKind } from '../resource-kind.ts';
import { objectName } from '../snowflake/names.ts';
import { cellBoolean, cellNumber, cellText, executeIfExists, type Session } from '../snowflake/session.ts';
import { booleanText, literal } from '../snowflake/sql-text.ts';

interface Pool {
  readonly name: string;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly instanceFamily: string;
  readonly autoResume: boolean;
  readonly initiallySuspended: boolean;
  readonly autoSuspendSeconds: number;
  readonly comment?: string;
}

const nodes = z.int().min(1).max(750);

// Services and jobs end one by one after STOP ALL; a container gets 30 seconds to end by itself.
const stopPauseMilliseconds = 1000;
const stopAttempts = 180;

/**
 * A compute pool: the nodes that services and ML jobs run on.
 * https://docs.snowflake.com/en/sql-reference/sql/create-compute-pool
 */
export const computePool: ResourceKind = {
  type: 'snowflakeml:index:ComputePool',
  inputs: {
    name: { accepts: objectName, replaces: true },
    minNodes: { accepts: nodes },
    maxNodes: { accepts: nodes },
    instanceFamily: { accepts: objectName },
    autoResume: { accepts: z.boolean().default(true) },
    initiallySuspended: { accepts: z.boolean().default(false), ignored: true },
    autoSuspendSeconds: { accepts: z.int().min(0).default(3600) },
    comment: { accepts: z.string().min(1).optional() },
  },
  computed: ['owner'],
  checkTogether: (inputs) => {
    const { minNodes, maxNodes } = pool(inputs);
    if (minNodes <= maxNodes) return [];
    return [{ property: 'maxNodes', reason: `(${maxNodes}) must not be less than minNodes (${minNodes})` }];
  },
  id: (inputs) => pool(inputs).name,
  createStatements: (inputs) => [createStatement(pool(inputs))],
  updateStatements: (state, inputs) => alterStatements(pool(state), pool(inputs)),
  create: async (session, inputs) => {
    await session.execute(createStatement(pool(inputs)));
    return readExisting(session, inputs);
  },
  update: async (session, state, inputs) => {
    for (const statement of alterStatements(pool(state), pool(inputs))) {
      await session.execute(statement);
      if (statement.endsWith(' SUSPEND')) await waitUntilSuspended(session, pool(inputs).name);
    }
    return readExisting(session, inputs);
  },
  read: (session, id, state) => describe(session, id, state),
  delete: async (session, id) => {
    for (let attempt = 1; ; attempt += 1) {
      const [row] = await executeIfExists(session, `DESCRIBE COMPUTE POOL ${id}`);
      if (row === undefined) return;
      if (cellNumber(row, 'num_services') + cellNumber(row, 'num_jobs') === 0) break;
      if (attempt > stopAttempts) {
        throw new Error(
          `Compute pool ${id} still runs ${cellNumber(row, 'num_services')} services and ${cellNumber(row, 'num_jobs')} jobs ` +
            `after ALTER COMPUTE POOL ${id} STOP ALL; see SHOW SERVICES IN COMPUTE POOL ${id}.`,
        );
      }
      if (attempt === 1) await session.execute(`ALTER COMPUTE POOL ${id} STOP ALL`);
      await session.pause(stopPauseMilliseconds);
    }
    await session.execute(`DROP COMPUTE POOL IF EXISTS ${id}`);
  },
};

function pool(properties: Properties): Pool {
  return properties as unknown as Pool;
}

function createStatement(wanted: Pool): string {
  return [
    `CREATE COMPUTE POOL ${wanted.name}`,
    `MIN_NODES = ${wanted.minNodes}`,
    `MAX_NODES = ${wanted.maxNodes}`,
    `INSTANCE_FAMILY = ${wanted.instanceFamily}`,
    `AUTO_RESUME = ${booleanText(wanted.autoResume)}`,
    `INITIALLY_SUSPENDED = ${booleanText(wanted.initiallySuspended)}`,
    `AUTO_SUSPEND_SECS = ${wanted.autoSuspendSeconds}`,
    ...(wanted.comment === undefined ? [] : [`COMMENT = ${literal(wanted.comment)}`]),
  ].join(' ');
}

// https://docs.snowflake.com/en/sql-reference/sql/alter-compute-pool
function alterStatements(old: Pool, wanted: Pool): readonly string[] {
  const changed = <Name extends keyof Pool>(name: Name): boolean => (old[name] ?? undefined) !== wanted[name];
  const settings = [
    ...(changed('minNodes') ? [`MIN_NODES = ${wanted.minNodes}`] : []),
    ...(changed('maxNodes') ? [`MAX_NODES = ${wanted.maxNodes}`] : []),
    ...(changed('autoResume') ? [`AUTO_RESUME = ${booleanText(wanted.autoResume)}`] : []),
    ...(changed('autoSuspendSeconds') ? [`AUTO_SUSPEND_SECS = ${wanted.autoSuspendSeconds}`] : []),
    ...(changed('comment') && wanted.comment !== undefined ? [`COMMENT = ${literal(wanted.comment)}`] : []),
  ];
  const alter = `ALTER COMPUTE POOL ${wanted.name}`;
  return [
    // The family changes on a suspended pool only. Jobs under way end first, so nothing is cut off.
    ...(changed('instanceFamily')
      ? [`${alter} SUSPEND`, `${alter} SET INSTANCE_FAMILY = ${wanted.instanceFamily}`, `${alter} RESUME`]
      : []),
    ...(settings.length > 0 ? [`${alter} SET ${settings.join(' ')}`] : []),
    ...(changed('comment') && wanted.comment === undefined ? [`${alter} UNSET COMMENT`] : []),
  ];
}

async function waitUntilSuspended(session: Session, name: string): Promise<void> {
  for (let attempt = 1; attempt <= stopAttempts; attempt += 1) {
    const [row] = await session.execute(`DESCRIBE COMPUTE POOL ${name}`);
    if (row === undefined || cellText(row, 'state') === 'SUSPENDED') return;
    await session.pause(stopPauseMilliseconds);
  }
  throw new Error(
    `Compute pool ${name} was not suspended in time: its jobs still run. Its instance family stays as it was; ` +
      `run the update again when SHOW COMPUTE POOLS says SUSPENDED.`,
  );
}

async function readExisting(session: Session, inputs: Properties): Promise<Properties> {
  const { name } = pool(inputs);
  const found = await describe(session, name, inputs);
  if (found === undefined) throw new Error(`Compute pool ${name} is not visible after it was written; does the role own it?`);
  return found;
}

// https://docs.snowflake.com/en/sql-reference/sql/desc-compute-pool
async function describe(session: Session, name: string, known: Properties): Promise<Properties | undefined> {
  const [row] = await executeIfExists(session, `DESCRIBE COMPUTE POOL ${name}`);
  if (row === undefined) return undefined;
  const comment = cellText(row, 'comment');
  return {
    name,
    minNodes: cellNumber(row, 'min_nodes'),
    maxNodes: cellNumber(row, 'max_nodes'),
    instanceFamily: cellText(row, 'instance_family'),
    autoResume: cellBoolean(row, 'auto_resume'),
    // Only how it began; Snowflake does not keep it.
    initiallySuspended: known['initiallySuspended'] ?? false,
    autoSuspendSeconds: cellNumber(row, 'auto_suspend_secs'),
    ...(comment === '' ? {} : { comment }),
    owner: cellText(row, 'owner'),
  };
}
