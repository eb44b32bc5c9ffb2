import * as pulumi from '@pulumi/pulumi';
import * as snowflake from '@pulumi/snowflake';

import { type Transform, transformed } from './transform.ts';

export interface DataProtectionArgs {
  /** Where tag and policies are. */
  readonly schema: snowflake.Schema;
  /** Tag of BOOLEAN columns that only `attributeReaders` see. @example 'PROTECTED_ATTRIBUTE' */
  readonly tag: string;
  /** Masking policy of the tag. @example 'PROTECTED_ATTRIBUTE_READERS' */
  readonly attributePolicy: string;
  /** Row access policy, to be put on a table by its key. @example 'APPLICATION_READERS' */
  readonly rowPolicy: string;
  /** Roles that see rows and the protected attribute. @example ['ENGINEER', 'FAIRNESS_AUDITOR'] */
  readonly attributeReaders: readonly string[];
  /** Roles that see rows, with NULL for the protected attribute. @example ['ANALYST'] */
  readonly rowReaders: readonly string[];
  readonly transform?: {
    readonly maskingPolicy?: Transform<snowflake.MaskingPolicyArgs>;
    readonly tag?: Transform<snowflake.TagArgs>;
    readonly rowAccessPolicy?: Transform<snowflake.RowAccessPolicyArgs>;
  };
}

/**
 * Who sees which rows of personal data, and who sees a protected attribute in them. The policies are the administrator's: the
 * owner of a table puts it under them and cannot loosen them.
 * https://docs.snowflake.com/en/user-guide/tag-based-masking-policies
 * https://docs.snowflake.com/en/user-guide/security-row-intro
 */
export class DataProtection extends pulumi.ComponentResource {
  readonly maskingPolicy: snowflake.MaskingPolicy;
  readonly tag: snowflake.Tag;
  readonly rowAccessPolicy: snowflake.RowAccessPolicy;
  /** Fully qualified. */
  readonly tagName: pulumi.Output<string>;
  /** Fully qualified. */
  readonly rowPolicyName: pulumi.Output<string>;

  constructor(name: string, args: DataProtectionArgs, options?: pulumi.ComponentResourceOptions) {
    super('snowflakeml:component:DataProtection', name, {}, options);
    const { schema, attributeReaders, rowReaders } = args;
    const place = { database: schema.database, schema: schema.name };
    // Tables that the pipeline made hold on to the policies until they go with the schema.
    const child = { parent: this, deletedWith: schema };
    this.maskingPolicy = new snowflake.MaskingPolicy(
      ...transformed<snowflake.MaskingPolicyArgs>(
        args.transform?.maskingPolicy,
        `${name}-attribute-policy`,
        {
          ...place,
          name: args.attributePolicy,
          arguments: [{ name: 'VAL', type: 'BOOLEAN' }],
          returnDataType: 'BOOLEAN',
          body: `CASE WHEN ${anyOf(attributeReaders)} THEN VAL END`,
        },
        child,
      ),
    );
    this.tag = new snowflake.Tag(
      ...transformed<snowflake.TagArgs>(
        args.transform?.tag,
        `${name}-tag`,
        { ...place, name: args.tag, maskingPolicies: [this.maskingPolicy.fullyQualifiedName] },
        child,
      ),
    );
    this.rowAccessPolicy = new snowflake.RowAccessPolicy(
      ...transformed<snowflake.RowAccessPolicyArgs>(
        args.transform?.rowAccessPolicy,
        `${name}-row-policy`,
        {
          ...place,
          name: args.rowPolicy,
          arguments: [{ name: 'KEY', type: 'NUMBER(38,0)' }],
          body: anyOf([...attributeReaders, ...rowReaders]),
        },
        child,
      ),
    );
    this.tagName = this.tag.fullyQualifiedName;
    this.rowPolicyName = this.rowAccessPolicy.fullyQualifiedName;
    this.registerOutputs({ tagName: this.tagName, rowPolicyName: this.rowPolicyName });
  }
}

/** Of the session's roles, and those that they inherit. https://docs.snowflake.com/en/sql-reference/functions/is_role_in_session */
function anyOf(roles: readonly string[]): string {
  return roles.map((role) => `IS_ROLE_IN_SESSION('${role.replaceAll("'", "''")}')`).join(' OR ');
}
