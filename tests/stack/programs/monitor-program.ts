// A program with one model monitor and nothing else, which tests describe in monitor.json.
import { readFileSync } from 'node:fs';

import { findConnection } from '../../../components/connection.ts';
import { connectProviders } from '../../../components/providers.ts';
import { ModelMonitor, type ModelMonitorArgs } from '../../../components/snowflake/model-monitor.ts';

const { taken, ...args } = JSON.parse(readFileSync('monitor.json', 'utf8')) as ModelMonitorArgs & { readonly taken?: string };
const connection = findConnection('local');
const providers = connectProviders('administrator', { connection, showStatements: true });

new ModelMonitor('watch', args, {
  provider: providers.snowflakeml,
  ...(taken === undefined ? {} : { import: taken }),
});
