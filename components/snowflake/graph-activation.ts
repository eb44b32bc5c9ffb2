import * as pulumi from '@pulumi/pulumi';

export interface GraphActivationArgs {
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
  readonly root: pulumi.Input<string>;
  /** Whether the root runs on its schedule. */
  readonly runRoot: pulumi.Input<boolean>;
  /** The other tasks, which are all to take part. */
  readonly tasks: pulumi.Input<readonly string[]>;
  /** Fingerprint of each task by name. */
  readonly definitions: pulumi.Input<Readonly<Record<string, string>>>;
  /** Parameters of each task by name. */
  readonly settings: pulumi.Input<Readonly<Record<string, string>>>;
}

/** Resumes the tasks of a graph, the root last. It depends on the tasks, and mends a graph that was left suspended. */
export class GraphActivation extends pulumi.CustomResource {
  constructor(name: string, args: GraphActivationArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:GraphActivation', name, { ...args }, options);
  }
}
