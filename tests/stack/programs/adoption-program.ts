// Takes under management what somebody made by hand, as a user of the components would: with the option `import`.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { findConnection } from '../../../components/connection.ts';
import { connectProviders } from '../../../components/providers.ts';
import { ComputePool } from '../../../components/snowflake/compute-pool.ts';
import { NotificationIntegration } from '../../../components/snowflake/notification-integration.ts';
import { StageObject } from '../../../components/snowflake/stage-object.ts';

const { snowflakeml: provider } = connectProviders('administrator', { connection: findConnection('local'), showStatements: false });

new ComputePool(
  'pool',
  { name: 'HAND_POOL', minNodes: 1, maxNodes: 3, instanceFamily: 'CPU_X64_S', autoSuspendSeconds: 600, comment: 'by hand' },
  { provider, import: 'HAND_POOL' },
);
new NotificationIntegration(
  'integration',
  { name: 'HAND_MAIL', type: 'EMAIL', enabled: true, defaultSubject: 'Training' },
  { provider, import: 'HAND_MAIL' },
);
const source = 'payloads/manifest.json';
new StageObject(
  'object',
  {
    stage: 'HAND.PUBLIC.FILES',
    path: 'conf/manifest.json',
    source,
    contentHash: createHash('sha256').update(readFileSync(source)).digest('hex'),
  },
  { provider, import: '@HAND.PUBLIC.FILES/conf/manifest.json' },
);
