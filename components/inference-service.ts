import * as pulumi from '@pulumi/pulumi';

import { ModelService, type ModelServiceArgs } from './snowflake/model-service.ts';
import { type Transform, transformed } from './transform.ts';

export interface InferenceServiceArgs {
  /** @example 'SNOWBANK' */
  readonly database: string;
  /** @example 'PIPELINE' */
  readonly schema: string;
  /** @example 'MORTGAGE_SERVICE' */
  readonly name: string;
  /** Model in the same schema. @example 'MORTGAGE_MODEL' */
  readonly model: string;
  /** A version that is there: the graph makes versions, the service serves one. @example 'V20260101_120000' */
  readonly version: string;
  /** @example pool.name */
  readonly computePool: pulumi.Input<string>;
  /** Most nodes that the pool can have: each instance takes one. @example 2 */
  readonly poolMaxNodes: number;
  /** @example 'DEMO_WH' */
  readonly warehouse: pulumi.Input<string>;
  /** @example 1 */
  readonly minInstances: number;
  /** @example 2 */
  readonly maxInstances: number;
  /** Roles, besides the owner, that may call it. @example ['LOAN_OFFICER'] */
  readonly callers?: readonly pulumi.Input<string>[];
  /** @example [modelRole] */
  readonly after?: readonly pulumi.Resource[];
  readonly transform?: { readonly service?: Transform<ModelServiceArgs> };
}

/**
 * Real-time inference: a version of the model behind an HTTP endpoint, and who may call it. Another version makes the service
 * anew under the same name; until it is ready there is none.
 */
export class InferenceService extends pulumi.ComponentResource {
  readonly service: ModelService;
  /** Of the public endpoint: `POST https://<endpoint>/predict`. */
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, args: InferenceServiceArgs, options?: pulumi.ComponentResourceOptions) {
    refuseTooLarge(args);
    super('snowflakeml:component:InferenceService', name, {}, options);
    const { database, schema, model, version, computePool, warehouse, minInstances, maxInstances, callers = [] } = args;
    this.service = new ModelService(
      ...transformed<ModelServiceArgs>(
        args.transform?.service,
        `${name}-service`,
        {
          database,
          schema,
          name: args.name,
          model: `${database}.${schema}.${model}`,
          version,
          computePool,
          warehouse,
          minInstances,
          maxInstances,
          callers: [...callers],
        },
        { parent: this, dependsOn: [...(args.after ?? [])] },
      ),
    );
    this.endpoint = this.service.endpoint;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}

function refuseTooLarge({ name, minInstances, maxInstances, poolMaxNodes }: InferenceServiceArgs): void {
  const wanted = Math.max(minInstances, 1);
  if (wanted > poolMaxNodes) {
    throw new pulumi.RunError(
      `Inference service ${name}: minInstances is ${minInstances}, but its compute pool has ${poolMaxNodes} nodes at most, and ` +
        `each instance takes one. Allowed: minInstances up to ${poolMaxNodes}. Example: inferenceService: {minInstances: ${poolMaxNodes}}`,
    );
  }
  if (minInstances > maxInstances) {
    throw new pulumi.RunError(
      `Inference service ${name}: minInstances (${minInstances}) exceeds maxInstances (${maxInstances}). ` +
        `Allowed: maxInstances of at least ${minInstances}. Example: inferenceService: {maxInstances: ${minInstances}}`,
    );
  }
}
