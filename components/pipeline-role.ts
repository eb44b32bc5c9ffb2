import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import { type Transform, transformed } from './transform.ts';

/** Privileges on one object. */
export interface PrivilegeGrant {
  /** Names the child resource. @example 'warehouse' */
  readonly key: string;
  /** @example ['USAGE'] */
  readonly privileges: readonly string[];
  readonly on:
    | { readonly kind: 'account' }
    /** @example { kind: 'object', type: 'WAREHOUSE', name: warehouse.name } */
    | { readonly kind: 'object'; readonly type: string; readonly name: pulumi.Input<string> }
    /** @example { kind: 'schema', name: schema.fullyQualifiedName } */
    | { readonly kind: 'schema'; readonly name: pulumi.Input<string> }
    /** @example { kind: 'schemaObject', type: 'SECRET', name: secret.fullyQualifiedName } */
    | { readonly kind: 'schemaObject'; readonly type: string; readonly name: pulumi.Input<string> };
}

export interface PipelineRoleArgs {
  /** @example 'ENGINEER' */
  readonly name: string;
  /**
   * Everything the role may do. Take names from the objects' outputs: an object that is replaced loses its grants, and
   * then they are made again.
   * @example pipelineGrants({ warehouse: warehouse.name, … })
   */
  readonly grants: readonly PrivilegeGrant[];
  readonly transform?: {
    readonly role?: Transform<snowflake.AccountRoleArgs>;
    readonly grant?: Transform<snowflake.GrantPrivilegesToAccountRoleArgs>;
  };
}

/** An account role with exactly the given privileges. */
export class PipelineRole extends pulumi.ComponentResource {
  readonly role: snowflake.AccountRole;
  readonly grants: readonly snowflake.GrantPrivilegesToAccountRole[];
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: PipelineRoleArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:PipelineRole', name, {}, options);
    this.role = new snowflake.AccountRole(
      ...transformed<snowflake.AccountRoleArgs>(args.transform?.role, `${name}-role`, { name: args.name }, { parent: this }),
    );
    this.grants = args.grants.map(
      (grant) =>
        new snowflake.GrantPrivilegesToAccountRole(
          ...transformed<snowflake.GrantPrivilegesToAccountRoleArgs>(
            args.transform?.grant,
            `${name}-grant-${grant.key}`,
            {
              accountRoleName: this.role.name, // Sorted as the provider shows them: a privilege that is missing then shows as that one.
              privileges: grant.privileges.toSorted(),
              ...target(grant.on),
            },
            { parent: this },
          ),
        ),
    );
    this.name = this.role.name;
    this.registerOutputs({ name: this.name });
  }
}

function target(on: PrivilegeGrant['on']): Partial<snowflake.GrantPrivilegesToAccountRoleArgs> {
  switch (on.kind) {
    case 'account':
      return { onAccount: true };
    case 'object':
      return { onAccountObject: { objectType: on.type, objectName: on.name } };
    case 'schema':
      return { onSchema: { schemaName: on.name } };
    case 'schemaObject':
      return { onSchemaObject: { objectType: on.type, objectName: on.name } };
  }
}
