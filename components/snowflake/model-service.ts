import * as pulumi from '@pulumi/pulumi';

export interface ModelServiceArgs {
  /** @example 'SNOWBANK' */
  readonly database: pulumi.Input<string>;
  /** @example 'PIPELINE' */
  readonly schema: pulumi.Input<string>;
  /** @example 'MORTGAGE_SERVICE' */
  readonly name: pulumi.Input<string>;
  /** @example 'SNOWBANK.PIPELINE.MORTGAGE_MODEL' */
  readonly model: pulumi.Input<string>;
  /** @example 'V20260101_120000' */
  readonly version: pulumi.Input<string>;
  /** @example 'DEMO_POOL' */
  readonly computePool: pulumi.Input<string>;
  /** Runs the procedure that makes the service. @example 'DEMO_WH' */
  readonly warehouse: pulumi.Input<string>;
  /** Whether it can be called from outside Snowflake; the default. */
  readonly ingress?: pulumi.Input<boolean> | undefined;
  /** 0, the default, lets it be suspended when nobody called it for half an hour. @example 1 */
  readonly minInstances?: pulumi.Input<number> | undefined;
  /** @example 2 */
  readonly maxInstances?: pulumi.Input<number> | undefined;
  /** Processes of an instance. @example 2 */
  readonly workers?: pulumi.Input<number> | undefined;
  /** Rows that a query sends in one request. @example 1000 */
  readonly batchRows?: pulumi.Input<number> | undefined;
  /** Of a node, for an instance; the whole node when left out. @example '1000m' */
  readonly cpu?: pulumi.Input<string> | undefined;
  /** @example '4Gi' */
  readonly memory?: pulumi.Input<string> | undefined;
  /** Roles, besides the owner, that may call it. @example ['LOAN_OFFICER'] */
  readonly callers?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  readonly comment?: pulumi.Input<string> | undefined;
}

/**
 * A model version served over HTTP. Import it by database, schema and name.
 * https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api
 */
export class ModelService extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** Host (and on a local account path) of the public endpoint; empty when there is none. */
  declare readonly endpoint: pulumi.Output<string>;

  constructor(name: string, args: ModelServiceArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:ModelService', name, { ...args, endpoint: undefined }, options);
  }
}
