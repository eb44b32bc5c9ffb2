import { clientFunctions } from '../objects/client-functions.ts';
import { columnsStatement } from '../objects/columns-statement.ts';
import { contactReferences } from '../objects/contact-references.ts';
import { dataMetricReferences } from '../objects/data-metric-references.ts';
import { dynamicTableHistory } from '../objects/dynamic-table-history.ts';
import type { Extension } from '../objects/extensions.ts';
import { imageListing } from '../objects/image-repository.ts';
import { informationSchema } from '../objects/information-schema.ts';
import { streamFunction } from '../objects/stream/stream-function.ts';
import { stageDirectory } from '../objects/stage-directory.ts';
import { tagReferences } from '../objects/tag-references.ts';
import { getDdl } from './get-ddl.ts';
import { sessionFunctions } from './session-functions.ts';
import { waitFunction } from './wait-function.ts';
import { datasetStatements } from '../objects/dataset/dataset-statements.ts';
import { jobExtension } from '../objects/job/job-extension.ts';
import { experimentStatements } from '../objects/experiment/experiment-statements.ts';
import { lineageExtension } from '../objects/lineage/lineage-extension.ts';
import { modelStatements } from '../objects/model/model-statements.ts';
import { modelMonitorFunctions } from '../objects/model-monitor/model-monitor-functions.ts';
import { notebookExtension } from '../objects/notebook/execute-notebook.ts';
import { notificationFunctions } from '../objects/notification-functions.ts';
import { keysStatements } from '../objects/keys-statements.ts';
import { policyReferences } from '../objects/policy/policy-references.ts';
import { userTokenStatements } from '../objects/user-tokens.ts';
import { versionsStatement } from '../objects/versions-statement.ts';

/** What the parts of the local Snowflake add beyond the kinds of objects. A new part is one more line here. */
const parts: readonly Extension[] = [
  clientFunctions,
  columnsStatement,
  contactReferences,
  dataMetricReferences,
  datasetStatements,
  dynamicTableHistory,
  experimentStatements,
  getDdl,
  imageListing,
  informationSchema,
  jobExtension,
  lineageExtension,
  modelMonitorFunctions,
  modelStatements,
  notebookExtension,
  notificationFunctions,
  policyReferences,
  keysStatements,
  sessionFunctions,
  streamFunction,
  stageDirectory,
  tagReferences,
  { statements: userTokenStatements },
  waitFunction,
];

export const extensions: readonly Extension[] = [...parts, versionsStatement(parts.flatMap((part) => part.versionListings ?? []))];
