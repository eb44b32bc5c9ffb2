import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import { type Transform, transformed } from './transform.ts';

export interface PipelineWarehouseArgs {
  /** @example 'DEMO_WH' */
  readonly name: string;
  /** @example 'XSMALL' */
  readonly size: string;
  /** 0 keeps it running. @example 60 */
  readonly autoSuspendSeconds: number;
  readonly transform?: { readonly warehouse?: Transform<snowflake.WarehouseArgs> };
}

/** The warehouse that tasks and queries of the pipeline run on: it starts when it is needed and stops by itself. */
export class PipelineWarehouse extends pulumi.ComponentResource {
  readonly warehouse: snowflake.Warehouse;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: PipelineWarehouseArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:PipelineWarehouse', name, {}, options);
    this.warehouse = new snowflake.Warehouse(
      ...transformed<snowflake.WarehouseArgs>(
        args.transform?.warehouse,
        `${name}-warehouse`,
        {
          name: args.name,
          warehouseSize: args.size,
          autoSuspend: args.autoSuspendSeconds,
          autoResume: 'true',
          initiallySuspended: true,
        },
        { parent: this },
      ),
    );
    this.name = this.warehouse.name;
    this.registerOutputs({ name: this.name });
  }
}
