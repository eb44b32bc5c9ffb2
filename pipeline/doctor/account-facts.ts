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
  /** Nodes that are there, with or without work. */
  readonly nodes: number;
  /** Nodes that Snowflake is getting. */
  readonly targetNodes: number;
}

export interface Integration {
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
  /** Of an EMAIL integration: the addresses it may send to, none for all; undefined where that may not be asked. */
  readonly recipients?: readonly string[] | undefined;
}

export interface Warehouse {
  readonly name: string;
  readonly state: string;
  readonly autoResume: boolean;
}

/** What doctor looks at besides the tasks. `undefined`: the role of the connection may not ask. */
export interface AccountFacts {
  /** Everything granted to the tasks' owner role and to the roles it inherits. */
  readonly ownerGrants: readonly Grant[] | undefined;
  /** Users that the owner role is granted to. */
  readonly ownerUsers: readonly string[] | undefined;
  readonly warehouses: readonly Warehouse[] | undefined;
  readonly computePools: readonly ComputePool[] | undefined;
  readonly integrations: readonly Integration[] | undefined;
  /** E-mail addresses of the account's users, in lower case. */
  readonly userEmails: readonly string[] | undefined;
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

// https://docs.snowflake.com/en/sql-reference/sql/desc-notification-integration
const recipientsOf = async (client: SqlClient, integration: string): Promise<readonly string[] | undefined> => {
  const rows = await ifAllowed(client, `DESCRIBE NOTIFICATION INTEGRATION ${quoteIdentifier(integration)}`);
  const allowed = rows?.find((row) => text(row, 'property') === 'ALLOWED_RECIPIENTS');
  // A list, with or without brackets and quotes.
  return rows === undefined || allowed === undefined
    ? undefined
    : (text(allowed, 'property_value').match(/[^\s,[\]()"']+@[^\s,[\]()"']+/gu) ?? []);
};

const integrationOf = async (client: SqlClient, row: SqlRow): Promise<Integration> => {
  const integration = { name: text(row, 'name'), type: text(row, 'type'), enabled: isTrue(row, 'enabled') };
  return integration.type === 'EMAIL' ? { ...integration, recipients: await recipientsOf(client, integration.name) } : integration;
};

// Whose role may not see it finds the column empty. https://docs.snowflake.com/en/sql-reference/sql/show-users
const emailsOf = (users: readonly SqlRow[] | undefined): readonly string[] | undefined => {
  const emails = users?.map((row) => text(row, 'email').toLowerCase()).filter((email) => email.includes('@'));
  return emails === undefined || emails.length === 0 ? undefined : emails;
};

export const readAccountFacts = async (client: SqlClient, owner: string): Promise<AccountFacts> => {
  const [ownerGrants, members, warehouses, pools, integrations, users] = await Promise.all([
    grantsTo(client, owner),
    ifAllowed(client, `SHOW GRANTS OF ROLE ${quoteIdentifier(owner)}`),
    ifAllowed(client, 'SHOW WAREHOUSES'),
    ifAllowed(client, 'SHOW COMPUTE POOLS'),
    ifAllowed(client, 'SHOW NOTIFICATION INTEGRATIONS'),
    ifAllowed(client, 'SHOW USERS'),
  ]);
  return {
    ownerGrants,
    ownerUsers: members?.filter((row) => text(row, 'granted_to') === 'USER').map((row) => text(row, 'grantee_name')),
    warehouses: warehouses?.map((row) => ({
      name: text(row, 'name'),
      state: text(row, 'state'),
      autoResume: isTrue(row, 'auto_resume'),
    })),
    computePools: pools?.map((row) => ({
      name: text(row, 'name'),
      state: text(row, 'state'),
      autoResume: isTrue(row, 'auto_resume'),
      maxNodes: Number(textOrNull(row, 'max_nodes') ?? 0),
      nodes: Number(textOrNull(row, 'active_nodes') ?? 0) + Number(textOrNull(row, 'idle_nodes') ?? 0),
      targetNodes: Number(textOrNull(row, 'target_nodes') ?? 0),
    })),
    integrations: integrations === undefined ? undefined : await Promise.all(integrations.map((row) => integrationOf(client, row))),
    userEmails: emailsOf(users),
  };
};
