import * as pulumi from '@pulumi/pulumi';

import { ComputePool, type ComputePoolArgs } from './snowflake/compute-pool.ts';
import { type Transform, transformed } from './transform.ts';

export interface TrainingPoolArgs {
  /** @example 'DEMO_POOL' */
  readonly name: string;
  /** @example 'CPU_X64_S' */
  readonly instanceFamily: string;
  /** @example 1 */
  readonly minNodes: number;
  /** @example 2 */
  readonly maxNodes: number;
  /** Nodes that one training job asks for at the same time. @example 2 */
  readonly targetInstances: number;
  /** @example 600 */
  readonly autoSuspendSeconds: number;
  readonly transform?: { readonly pool?: Transform<ComputePoolArgs> };
}

/**
 * A compute pool that is large enough for its training jobs: a job that asks for more nodes than the pool can have waits
 * for ever, so such a pool is refused before anything is created.
 */
export class TrainingPool extends pulumi.ComponentResource {
  readonly pool: ComputePool;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: TrainingPoolArgs, options?: pulumi.ComponentResourceOptions) {
    refuseTooSmall(args);
    super('snowflakeml:component:TrainingPool', name, {}, options);
    const { instanceFamily, minNodes, maxNodes, autoSuspendSeconds } = args;
    this.pool = new ComputePool(
      ...transformed(
        args.transform?.pool,
        `${name}-pool`,
        {
          name: args.name,
          instanceFamily,
          minNodes,
          maxNodes,
          autoSuspendSeconds,
          // No node is paid for before there is work.
          initiallySuspended: true,
        },
        { parent: this },
      ),
    );
    this.name = this.pool.name;
    this.registerOutputs({ name: this.name });
  }
}

function refuseTooSmall({ name, maxNodes, targetInstances }: TrainingPoolArgs): void {
  if (targetInstances <= maxNodes) return;
  throw new pulumi.RunError(
    `Compute pool ${name}: maxNodes is ${maxNodes}, but a training job asks for ${targetInstances} nodes ` +
      `(targetInstances) and would wait for ever. Allowed: maxNodes of at least ${targetInstances}. ` +
      `Example: computePool: {maxNodes: ${targetInstances}}`,
  );
}
