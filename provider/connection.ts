import { z } from 'zod';

import { containsUnknown, type PropertyMap, sameValue } from './property-values.ts';
import type { CheckFailure } from './resource-kind.ts';

const text = z.string().min(1);

/** How the provider reaches Snowflake: the same names as @pulumi/snowflake's provider, all values text. */
const connectionProperties = {
  /** `ORGANIZATION-ACCOUNT` */
  account: text,
  user: text,
  password: text.optional(),
  /** PKCS#8 PEM; logs in with a signed token instead of a password. */
  privateKey: text.optional(),
  privateKeyPassphrase: text.optional(),
  role: text.optional(),
  /** Where the account's own address is not used, for example 127.0.0.1. */
  host: text.optional(),
  port: z.string().regex(/^\d+$/u, 'must be a port number, for example 443').optional(),
  protocol: z.enum(['http', 'https']).optional(),
  /** `true` prints the statements of each change in a preview. */
  showStatements: z.enum(['true', 'false']).optional(),
} as const;

const connectionSchema = z.object(connectionProperties);

export type Connection = z.output<typeof connectionSchema>;

export function checkConnection(given: PropertyMap): readonly CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [property, accepts] of Object.entries(connectionProperties)) {
    const value = given[property];
    if (containsUnknown(value)) continue;
    const parsed = accepts.safeParse(value ?? undefined);
    for (const issue of parsed.error?.issues ?? []) {
      failures.push({ property, reason: value === undefined ? 'is required' : issue.message });
    }
  }
  if (failures.length === 0 && given['password'] === undefined && given['privateKey'] === undefined) {
    failures.push({ property: 'privateKey', reason: 'or password is required' });
  }
  return failures;
}

/** The properties that differ. None of them replaces a resource: they say how to reach it, not what it is. */
export function connectionDifferences(old: PropertyMap, wanted: PropertyMap): readonly string[] {
  return Object.keys(connectionProperties).filter((property) => !sameValue(old[property], wanted[property]));
}
