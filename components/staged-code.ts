import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import type { PayloadFile } from './payloads.ts';
import { StageObject, type StageObjectArgs } from './snowflake/stage-object.ts';
import { type Transform, transformed } from './transform.ts';

export interface StagedCodeArgs {
  /** @example 'SNOWBANK' */
  readonly database: string;
  /** @example 'PIPELINE' */
  readonly schema: string;
  /** Stage for the code. @example 'CODE_STAGE' */
  readonly codeStage: string;
  /** Stage for what jobs and runs leave. @example 'JOB_STAGE' */
  readonly jobStage: string;
  /** One stage object each. @example loadPayloads('payloads').files */
  readonly files: readonly PayloadFile[];
  /** Waits before code is replaced. @example hold */
  readonly changesAfter?: readonly pulumi.Resource[];
  readonly transform?: {
    readonly stage?: Transform<snowflake.StageArgs>;
    readonly object?: Transform<StageObjectArgs>;
  };
}

/** The stages of the pipeline, and its code on one of them: each file a resource with its own content hash. */
export class StagedCode extends pulumi.ComponentResource {
  readonly codeStage: snowflake.Stage;
  readonly jobStage: snowflake.Stage;
  readonly #objects: ReadonlyMap<string, StageObject>;

  constructor(name: string, args: StagedCodeArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:StagedCode', name, {}, options);
    const stage = (stageName: string): snowflake.Stage =>
      new snowflake.Stage(
        ...transformed<snowflake.StageArgs>(
          args.transform?.stage,
          `${name}-${stageName.toLowerCase().replaceAll('_', '-')}`,
          {
            name: stageName,
            database: args.database,
            schema: args.schema,
            // Encrypted by the server alone, so that a file's checksum is that of its content.
            encryption: "TYPE = 'SNOWFLAKE_SSE'",
          },
          { parent: this },
        ),
      );
    this.codeStage = stage(args.codeStage);
    this.jobStage = stage(args.jobStage);
    const location = this.codeStage.name.apply((stageName) => `${args.database}.${args.schema}.${stageName}`);
    this.#objects = new Map(
      args.files.map((file): [string, StageObject] => [
        file.path,
        new StageObject(
          ...transformed<StageObjectArgs>(
            args.transform?.object,
            `${name}-${file.path}`,
            { stage: location, path: file.path, source: file.source, contentHash: file.contentHash },
            {
              parent: this,
              dependsOn: [...(args.changesAfter ?? [])],
              // Dropping the stage drops what is on it.
              deletedWith: this.codeStage,
            },
          ),
        ),
      ]),
    );
    this.registerOutputs({ codeStage: this.codeStage.name, jobStage: this.jobStage.name });
  }

  /** The staged object of a file. */
  object(file: PayloadFile): StageObject {
    const found = this.#objects.get(file.path);
    if (found === undefined) throw new pulumi.RunError(`${file.path} is not among the staged files.`);
    return found;
  }
}
