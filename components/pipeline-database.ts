import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import { type Transform, transformed } from './transform.ts';

export interface PipelineDatabaseArgs {
  /** @example 'SNOWBANK' */
  readonly name: string;
  /** @example ['DATA', 'PIPELINE'] */
  readonly schemas: readonly string[];
  readonly transform?: {
    readonly database?: Transform<snowflake.DatabaseArgs>;
    readonly schema?: Transform<snowflake.SchemaArgs>;
  };
}

/** A database with its schemas, and without PUBLIC. Dropping it drops what runs of the pipeline left in it too. */
export class PipelineDatabase extends pulumi.ComponentResource {
  readonly database: snowflake.Database;
  readonly name: pulumi.Output<string>;
  readonly #schemas: ReadonlyMap<string, snowflake.Schema>;

  constructor(name: string, args: PipelineDatabaseArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:PipelineDatabase', name, {}, options);
    this.database = new snowflake.Database(
      ...transformed<snowflake.DatabaseArgs>(
        args.transform?.database,
        `${name}-database`,
        { name: args.name, dropPublicSchemaOnCreation: true },
        { parent: this },
      ),
    );
    this.#schemas = new Map(
      args.schemas.map((schema): [string, snowflake.Schema] => [
        schema,
        new snowflake.Schema(
          ...transformed<snowflake.SchemaArgs>(
            args.transform?.schema,
            `${name}-schema-${schema.toLowerCase()}`,
            { name: schema, database: this.database.name },
            { parent: this },
          ),
        ),
      ]),
    );
    this.name = this.database.name;
    this.registerOutputs({ name: this.name });
  }

  /** The schema of that name, one of those that were asked for. */
  schema(name: string): snowflake.Schema {
    const found = this.#schemas.get(name);
    if (found === undefined)
      throw new pulumi.RunError(`There is no schema ${name}; there are ${[...this.#schemas.keys()].join(', ')}.`);
    return found;
  }
}
