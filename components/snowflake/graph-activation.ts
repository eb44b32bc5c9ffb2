import * as pulumi from '@pulumi/pulumi';

export interface GraphActivationArgs {
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
  readonly root: pulumi.Input<string>;
  /** Whether the root runs on its schedule. */
  readonly runRoot: pulumi.Input<boolean>;
  /** The other tasks, which are all to take part. */
  readonly tasks: pulumi.Input<readonly string[]>;
  /** How often the graph was held: the hold's output. @example hold.generation */
  readonly generation: pulumi.Input<number>;
}

/** Resumes the tasks of a graph, the root last. It depends on the tasks, and mends a graph that was left suspended. */
export class GraphActivation extends pulumi.CustomResource {
  constructor(name: string, args: GraphActivationArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:GraphActivation', name, { ...args, members: undefined }, options);
  }
}
