// Streams as the Snowflake provider has them, which tests describe in streams.json.
import { readFileSync } from 'node:fs';

import { StreamOnDirectoryTable, StreamOnTable, StreamOnView } from '@pulumi/snowflake';

import { findConnection } from '../../../components/connection.ts';
import { connectProviders } from '../../../components/providers.ts';

export interface PlainStream {
  readonly name: string;
  readonly on: 'table' | 'view' | 'stage';
  readonly comment?: string;
  readonly appendOnly?: string;
  readonly showInitialRows?: string;
}

const described = JSON.parse(readFileSync('streams.json', 'utf8')) as readonly PlainStream[];
const { snowflake: provider } = connectProviders('administrator', { connection: findConnection('local'), showStatements: false });
for (const { on, name, ...properties } of described) {
  const args = { database: 'LAB', schema: 'STREAMED', name, ...properties };
  if (on === 'table') new StreamOnTable(name, { ...args, table: '"LAB"."STREAMED"."T"' }, { provider });
  else if (on === 'view') new StreamOnView(name, { ...args, view: '"LAB"."STREAMED"."V"' }, { provider });
  else new StreamOnDirectoryTable(name, { ...args, stage: '"LAB"."STREAMED"."FILES"' }, { provider });
}
