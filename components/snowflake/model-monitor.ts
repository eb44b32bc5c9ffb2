import * as pulumi from '@pulumi/pulumi';

export interface ModelMonitorArgs {
  /** @example 'SNOWBANK' */
  readonly database: pulumi.Input<string>;
  /** @example 'PIPELINE' */
  readonly schema: pulumi.Input<string>;
  /** @example 'MORTGAGE_MONITOR' */
  readonly name: pulumi.Input<string>;
  /** `DB.SCHEMA.MODEL` @example 'SNOWBANK.PIPELINE.MORTGAGE_MODEL' */
  readonly model: pulumi.Input<string>;
  /** A version has one monitor at most. @example 'V_20261122_031500' */
  readonly version: pulumi.Input<string>;
  /** @example 'predict_proba' */
  readonly function: pulumi.Input<string>;
  /** Table or view with what the model was asked and said. @example 'SNOWBANK.DATA.INFERENCE_LOG' */
  readonly source: pulumi.Input<string>;
  /** Table that drift is measured against; its rows are copied. @example 'SNOWBANK.DATA.INFERENCE_BASELINE' */
  readonly baseline?: pulumi.Input<string> | undefined;
  /** @example 'DEMO_WH' */
  readonly warehouse: pulumi.Input<string>;
  /** 60 seconds at least; `1 hour` is the default. @example '1 day' */
  readonly refreshInterval?: pulumi.Input<string> | undefined;
  /** In days; `1 day` is the default. @example '7 days' */
  readonly aggregationWindow?: pulumi.Input<string> | undefined;
  /** A TIMESTAMP_NTZ. @example 'SCORED_AT' */
  readonly timestampColumn: pulumi.Input<string>;
  /** @example ['LOAN_ID'] */
  readonly idColumns: pulumi.Input<readonly string[]>;
  /** @example 'PREDICTION' */
  readonly predictionClassColumn?: pulumi.Input<string> | undefined;
  /** @example 'PROBABILITY' */
  readonly predictionScoreColumn?: pulumi.Input<string> | undefined;
  /** @example 'DENIED' */
  readonly actualClassColumn?: pulumi.Input<string> | undefined;
  /** For regression. @example 'PRICE' */
  readonly actualScoreColumn?: pulumi.Input<string> | undefined;
  /** Text columns, at most five. @example ['REGION'] */
  readonly segmentColumns?: pulumi.Input<readonly string[]> | undefined;
  readonly suspended?: pulumi.Input<boolean> | undefined;
  readonly comment?: pulumi.Input<string> | undefined;
}

/** A model monitor. Import it by `DB.SCHEMA.NAME`. https://docs.snowflake.com/en/sql-reference/sql/create-model-monitor */
export class ModelMonitor extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** `TABULAR_BINARY_CLASSIFICATION`, … */
  declare readonly task: pulumi.Output<string>;

  constructor(name: string, args: ModelMonitorArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:ModelMonitor', name, { ...args, task: undefined }, options);
  }
}
