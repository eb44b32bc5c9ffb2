// Masking and row access policies as the Snowflake provider has them, which tests describe in policies.json.
import { readFileSync } from 'node:fs';

import { MaskingPolicy, RowAccessPolicy, Tag, TagAssociation, View } from '@pulumi/snowflake';

import { findConnection } from '../../../components/connection.ts';
import { connectProviders } from '../../../components/providers.ts';

export interface PlainPolicies {
  readonly mask: string;
  readonly filter: string;
  readonly comment: string;
  /** Whether the policies are on anything. */
  readonly attached: boolean;
}

const { mask, filter, comment, attached } = JSON.parse(readFileSync('policies.json', 'utf8')) as PlainPolicies;
const { snowflake: provider } = connectProviders('administrator', { connection: findConnection('local'), showStatements: false });
const place = { database: 'LAB', schema: 'GOVERNED' };

const masking = new MaskingPolicy(
  'mask',
  {
    ...place,
    name: 'MASK',
    arguments: [{ name: 'VAL', type: 'VARCHAR' }],
    returnDataType: 'VARCHAR',
    body: mask,
    comment,
  },
  { provider },
);
const rows = new RowAccessPolicy(
  'filter',
  { ...place, name: 'FILTER', arguments: [{ name: 'REGION', type: 'VARCHAR' }], body: filter, comment },
  { provider },
);
const table = '"LAB"."GOVERNED"."PEOPLE"';
const tag = new Tag('pii', { ...place, name: 'PII', maskingPolicies: attached ? [masking.fullyQualifiedName] : [] }, { provider });
if (attached) {
  new TagAssociation(
    'personal',
    {
      objectIdentifiers: [`${table}."EMAIL"`, `${table}."PHONE"`],
      objectType: 'COLUMN',
      tagId: tag.fullyQualifiedName,
      tagValue: 'yes',
    },
    { provider },
  );
  new View(
    'view',
    {
      ...place,
      name: 'PEOPLE_V',
      statement: 'SELECT EMAIL, PHONE, REGION FROM LAB.GOVERNED.PEOPLE',
      rowAccessPolicy: { policyName: rows.fullyQualifiedName, ons: ['REGION'] },
    },
    { provider },
  );
}
