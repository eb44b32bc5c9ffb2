import * as pulumi from '@pulumi/pulumi';

export interface GraphHoldArgs {
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
  readonly root: pulumi.Input<string>;
  /** The task that runs last. A task that was it before is taken from the root, which has room for one only. */
  readonly finalizer?: pulumi.Input<string>;
  /** Fingerprint of each task by name. */
  readonly definitions: pulumi.Input<Readonly<Record<string, string>>>;
  /** Parameters of each task by name. */
  readonly settings: pulumi.Input<Readonly<Record<string, string>>>;
}

/**
 * Suspends the root of a task graph whenever a definition changes; the graph's tasks depend on it. With `GraphActivation`
 * behind the tasks, one update of a live graph is: suspend the root, apply the changes, resume what should run.
 */
export class GraphHold extends pulumi.CustomResource {
  /** How often the graph was held. */
  declare readonly generation: pulumi.Output<number>;
  /** What the root's own `started` has to be. */
  declare readonly rootStarted: pulumi.Output<boolean>;

  constructor(name: string, args: GraphHoldArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:GraphHold', name, { ...args, generation: undefined, rootStarted: undefined }, options);
  }
}
