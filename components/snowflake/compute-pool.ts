import * as pulumi from '@pulumi/pulumi';

export interface ComputePoolArgs {
  /** @example 'DEMO_POOL' */
  readonly name: pulumi.Input<string>;
  /** @example 1 */
  readonly minNodes: pulumi.Input<number>;
  /** @example 2 */
  readonly maxNodes: pulumi.Input<number>;
  /** @example 'CPU_X64_S' */
  readonly instanceFamily: pulumi.Input<string>;
  /** Starts the pool for work that is submitted to it; the default. */
  readonly autoResume?: pulumi.Input<boolean> | undefined;
  /** Creates the pool without starting a node. */
  readonly initiallySuspended?: pulumi.Input<boolean> | undefined;
  /** 0 keeps the nodes for ever; 3600 is the default. */
  readonly autoSuspendSeconds?: pulumi.Input<number> | undefined;
  readonly comment?: pulumi.Input<string> | undefined;
}

/** A compute pool. Import it by its name. https://docs.snowflake.com/en/sql-reference/sql/create-compute-pool */
export class ComputePool extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly maxNodes: pulumi.Output<number>;
  declare readonly owner: pulumi.Output<string>;

  constructor(name: string, args: ComputePoolArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:ComputePool', name, { ...args, owner: undefined }, options);
  }
}
