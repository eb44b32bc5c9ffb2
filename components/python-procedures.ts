import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import type { PayloadProcedure } from './payloads.ts';
import { qualifiedName } from './qualified-name.ts';
import type { StagedCode } from './staged-code.ts';
import { type Transform, transformed } from './transform.ts';

export interface PythonProceduresArgs {
  /** @example 'SNOWBANK' */
  readonly database: string;
  /** @example 'PIPELINE' */
  readonly schema: string;
  /** @example '3.11' */
  readonly runtimeVersion: string;
  /** @example loadPayloads('payloads').procedures */
  readonly procedures: readonly PayloadProcedure[];
  /** Where the code is. */
  readonly code: StagedCode;
  readonly transform?: { readonly procedure?: Transform<snowflake.ProcedurePythonArgs> };
}

/**
 * Python procedures without arguments that return text, from code on a stage. Imports keep their path when their content
 * changes, since Snowflake reads them at each call; the comment carries the code's hash, so exactly the procedures whose
 * code changed show in a preview, and SHOW PROCEDURES tells which code runs.
 */
export class PythonProcedures extends pulumi.ComponentResource {
  readonly #procedures: ReadonlyMap<string, snowflake.ProcedurePython>;

  constructor(name: string, args: PythonProceduresArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:PythonProcedures', name, {}, options);
    const { database, schema, code, runtimeVersion } = args;
    const stage = pulumi.output(code.codeStage.name).apply((stageName) => qualifiedName(database, schema, stageName));
    this.#procedures = new Map(
      args.procedures.map((procedure): [string, snowflake.ProcedurePython] => [
        procedure.name,
        new snowflake.ProcedurePython(
          ...transformed<snowflake.ProcedurePythonArgs>(
            args.transform?.procedure,
            `${name}-${procedure.name.toLowerCase().replaceAll('_', '-')}`,
            {
              name: procedure.name,
              database,
              schema,
              returnType: 'VARCHAR',
              runtimeVersion,
              snowparkPackage: procedure.snowparkVersion,
              packages: [...procedure.packages],
              imports: procedure.imports.map((file) => ({ stageLocation: stage, pathOnStage: file.path })),
              handler: procedure.handler,
              executeAs: procedure.executeAs,
              comment: codeComment(procedure),
            },
            {
              parent: this,
              dependsOn: procedure.imports.map((file) => code.object(file)),
              // Two procedures cannot bear one name at the same time.
              deleteBeforeReplace: true,
            },
          ),
        ),
      ]),
    );
    this.registerOutputs({});
  }

  /** The procedure of that name. */
  procedure(name: string): snowflake.ProcedurePython {
    const found = this.#procedures.get(name);
    if (found === undefined) {
      const known = [...this.#procedures.keys()].join(', ');
      throw new pulumi.RunError(`There is no procedure ${name}; the payloads offer ${known}.`);
    }
    return found;
  }
}

/** Says which code a procedure, or a task that calls it, runs. */
export function codeComment(procedure: PayloadProcedure): string {
  return `${procedure.handler}, code ${procedure.codeHash}`;
}
