import { compilation, row } from './error-row.ts';

/**
 * Refusals of masking and row access policies. Wordings are those that the documentation and public reports show; codes are too where
 * they are 003529, 003549 and 003551, the others are ours.
 * https://docs.snowflake.com/en/user-guide/security-row-intro#troubleshoot-row-access-policies
 */
export const policyErrorRows = {
  policyAttached: row<{ name: string }>(
    '003506',
    '23001',
    (a) => `Policy ${a.name} cannot be dropped/replaced as it is associated with one or more entities.`,
  ),
  maskingPolicyTypes: row<Record<string, never>>(
    '003530',
    '42601',
    () => 'SQL compilation error: Masking policy function argument and return type mismatch.',
  ),
  maskingPolicyColumnType: row<{ column: string; policy: string }>(
    '003532',
    '42601',
    (a) => `SQL compilation error: COLUMN data type ${a.column} does not match with masking policy data type ${a.policy}.`,
  ),
  columnMasked: row<Record<string, never>>(
    '003529',
    '42601',
    () =>
      'Specified column already attached to another masking policy. A column cannot be attached to multiple masking policies. Please drop the current association in order to attach a new masking policy.',
  ),
  maskedPolicyArgument: row<{ column: string }>(
    '003550',
    '42601',
    (a) => `SQL compilation error: Column '${a.column}' cannot be used as policy argument because it is masked by another policy.`,
  ),
  columnInPolicy: row<{ column: string }>(
    '003552',
    '42601',
    (a) => `SQL compilation error: Column '${a.column}' is an argument of a policy of its table.`,
  ),
  policyArgumentCount: row<{ policy: string; object: string; expected: number; got: number }>('003553', '42601', (a) =>
    compilation(
      `Invalid number of arguments for attaching policy '${a.policy}' to '${a.object}', expected ${String(a.expected)} arguments, got ${String(a.got)} arguments.`,
    ),
  ),
  rowPolicyType: row<{ type: string }>('003551', '42601', (a) =>
    compilation(`Row access policy return type '${a.type}' is not BOOLEAN.`),
  ),
  rowPolicyColumnType: row<{ column: string; type: string; policy: string }>(
    '003554',
    '42601',
    (a) =>
      `SQL compilation error: Column '${a.column}' data type '${a.type}' does not match with Row access policy data type '${a.policy}'.`,
  ),
  rowPolicyTwice: row<{ name: string }>(
    '003549',
    '23505',
    (a) => `Object ${a.name} already has a ROW_ACCESS_POLICY. Only one ROW_ACCESS_POLICY is allowed at a time.`,
  ),
  rowPolicyNotAttached: row<{ policy: string; name: string }>(
    '003555',
    '02000',
    (a) => `Policy ${a.policy} is not attached to TABLE ${a.name}.`,
  ),
  tagMaskingType: row<{ tag: string; type: string }>(
    '003556',
    '42601',
    (a) => `Tag ${a.tag} already has a masking policy of data type ${a.type}.`,
  ),
  tagMasks: row<{ name: string }>(
    '003557',
    '23001',
    (a) => `Tag ${a.name} cannot be dropped/replaced as it has one or more masking policies.`,
  ),
  // https://docs.snowflake.com/en/sql-reference/functions/policy_references (POLICY_STATUS)
  maskingConflict: row<{ column: string }>('003559', '42601', (a) =>
    compilation(`Multiple masking policies are assigned to column '${a.column}' by tags.`),
  ),
  policyGone: row<{ name: string }>('003558', '02000', (a) => compilation(`The policy of ${a.name} does not exist any more.`)),
} as const;
