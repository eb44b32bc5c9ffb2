import { text, textOrNull, type SqlClient, type SqlRow } from '../snowflake/sql-client.ts';
import { SqlFailure } from '../snowflake/sql-failure.ts';
import { quoteIdentifier } from '../snowflake/task-name.ts';

export interface Grant {
  readonly privilege: string;
  /** ACCOUNT, DATABASE, SCHEMA, WAREHOUSE, COMPUTE_POOL, INTEGRATION, ROLE … */
  readonly on: string;
  readonly name: string;
}

export interface ComputePool {
  readonly name: string;
  readonly state: string;
  readonly autoResume: boolean;
  readonly maxNodes: number;
}

export interface Integration {
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
}

/** What doctor looks at besides the tasks. `undefined`: the role of the connection may not ask. */
export interface AccountFacts {
  /** Everything granted to the tasks' owner role and to the roles it inherits. */
  readonly ownerGrants: readonly Grant[] | undefined;
  readonly computePools: readonly ComputePool[] | undefined;
  readonly integrations: readonly Integration[] | undefined;
}

const ifAllowed = async (client: SqlClient, sql: string): Promise<readonly SqlRow[] | undefined> => {
  try {
    return await client.query(sql);
  } catch (error) {
    if (error instanceof SqlFailure) return undefined;
    throw error;
  }
};

// https://docs.snowflake.com/en/sql-reference/sql/show-grants
const grantsTo = async (client: SqlClient, owner: string): Promise<readonly Grant[] | undefined> => {
  const grants: Grant[] = [];
  const roles = new Set([owner]);
  for (const role of roles) {
    const rows = await ifAllowed(client, `SHOW GRANTS TO ROLE ${quoteIdentifier(role)}`);
    if (rows === undefined) return undefined;
    for (const row of rows) {
      const grant = {
        privilege: text(row, 'privilege'),
        on: text(row, 'granted_on').replaceAll(' ', '_'),
        name: text(row, 'name'),
      };
      grants.push(grant);
      // USAGE on a role is that role granted: its privileges are inherited.
      if (grant.on === 'ROLE' && grant.privilege === 'USAGE') roles.add(grant.name);
    }
  }
  return grants;
};

const isTrue = (row: SqlRow, column: string): boolean => ['true', 'yes', 'y', '1'].includes(text(row, column).toLowerCase());

export const readAccountFacts = async (client: SqlClient, owner: string): Promise<AccountFacts> => {
  const [ownerGrants, pools, integrations] = await Promise.all([
    grantsTo(client, owner),
    ifAllowed(client, 'SHOW COMPUTE POOLS'),
    ifAllowed(client, 'SHOW NOTIFICATION INTEGRATIONS'),
  ]);
  return {
    ownerGrants,
    computePools: pools?.map((row) => ({
      name: text(row, 'name'),
      state: text(row, 'state'),
      autoResume: isTrue(row, 'auto_resume'),
      maxNodes: Number(textOrNull(row, 'max_nodes') ?? 0),
    })),
    integrations: integrations?.map((row) => ({
      name: text(row, 'name'),
      type: text(row, 'type'),
      enabled: isTrue(row, 'enabled'),
    })),
  };
};
