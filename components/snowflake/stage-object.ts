import * as pulumi from '@pulumi/pulumi';

export interface StageObjectArgs {
  /** `DB.SCHEMA.STAGE` @example 'SNOWBANK.PIPELINE.CODE_STAGE' */
  readonly stage: pulumi.Input<string>;
  /** @example 'src/train.py' */
  readonly path: pulumi.Input<string>;
  /** File to upload, relative to the project. @example 'payloads/src/train.py' */
  readonly source: pulumi.Input<string>;
  /** SHA-256 of the file, hexadecimal. */
  readonly contentHash: pulumi.Input<string>;
}

/** One file on an internal stage. Import it by `@DB.SCHEMA.STAGE/path`. https://docs.snowflake.com/en/sql-reference/sql/put */
export class StageObject extends pulumi.CustomResource {
  /** `@DB.SCHEMA.STAGE/path` */
  declare readonly location: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;
  declare readonly contentHash: pulumi.Output<string>;

  constructor(name: string, args: StageObjectArgs, options?: pulumi.CustomResourceOptions) {
    super('snowflakeml:index:StageObject', name, { ...args, location: undefined, size: undefined, md5: undefined }, options);
  }
}
