import type * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import type { SnowflakeConnection } from './connection.ts';
import { SnowflakeMlProvider } from './snowflake/provider.ts';

/** Both providers with one login. Give it to a component as its `providers`. */
export type SnowflakeProviders = Readonly<{ snowflake: snowflake.Provider; snowflakeml: SnowflakeMlProvider }>;

export interface Login {
  /** @example 'PIPELINE_SERVICE' */
  readonly user: pulumi.Input<string>;
  readonly password?: string | undefined;
  /** PKCS#8 PEM */
  readonly privateKey?: pulumi.Input<string> | undefined;
  readonly privateKeyPassphrase?: string | undefined;
  /** @example 'ACCOUNTADMIN' */
  readonly role: pulumi.Input<string>;
}

export interface ProvidersArgs {
  /** Where the account is, and the user to log in as unless `login` names another. */
  readonly connection: SnowflakeConnection;
  readonly login?: Login;
  /** Prints the statements of our own provider's resources in a preview. */
  readonly showStatements: boolean;
}

/**
 * Seconds that Snowflake's driver (Go) waits between its tries, added up, until it gives up on a server that is not there: it would go
 * on for five minutes at a login, and for ever at a statement. How long an answer takes does not count, so no statement is cut short.
 */
const timeouts = { loginTimeout: 60, requestTimeout: 120 } as const;

// Resources of Snowflake's provider that it calls previews, and that the components use.
const previewFeatures = ['snowflake_stage_resource', 'snowflake_procedure_python_resource'];

/**
 * What the provider's class takes from the environment for an argument that is not given: a password in clear, or another
 * account's host. The connection is all there is to it.
 */
const unwantedVariables = [
  'SNOWFLAKE_HOST',
  'SNOWFLAKE_PASSWORD',
  'SNOWFLAKE_PORT',
  'SNOWFLAKE_PRIVATE_KEY_PASSPHRASE',
  'SNOWFLAKE_PROTOCOL',
  'SNOWFLAKE_ROLE',
  'SNOWFLAKE_WAREHOUSE',
];

/** Logs in once for the resources of @pulumi/snowflake and once for ours, as the same user with the same role. */
export function connectProviders(name: string, args: ProvidersArgs, options?: pulumi.ResourceOptions): SnowflakeProviders {
  const { organization, account, host, port, protocol } = args.connection;
  const login = args.login ?? ownLogin(args.connection);
  for (const variable of unwantedVariables) delete process.env[variable];
  return {
    snowflake: new snowflake.Provider(
      `${name}-snowflake`,
      defined({
        organizationName: organization,
        accountName: account,
        ...login,
        authenticator: login.privateKey === undefined ? 'SNOWFLAKE' : 'SNOWFLAKE_JWT',
        host,
        port,
        protocol,
        ...timeouts,
        previewFeaturesEnabled: previewFeatures,
      }),
      options,
    ),
    snowflakeml: new SnowflakeMlProvider(
      `${name}-snowflakeml`,
      { account: `${organization}-${account}`, ...login, host, port, protocol, showStatements: args.showStatements },
      options,
    ),
  };
}

function ownLogin({ user, password, privateKey, privateKeyPassphrase, role }: SnowflakeConnection): Login {
  // Users, roles and integrations are an account administrator's to make.
  return { user, password, privateKey, privateKeyPassphrase, role: role ?? 'ACCOUNTADMIN' };
}

/** Without keys that have no value: with exactOptionalPropertyTypes, absent and undefined are two things. */
function defined(args: { readonly [Key in keyof snowflake.ProviderArgs]: snowflake.ProviderArgs[Key] | undefined }) {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as snowflake.ProviderArgs;
}
