import { computePool } from './compute-pool.ts';
import { dataset } from './dataset/dataset.ts';
import { contact } from './contact.ts';
import { database } from './database.ts';
import { databaseRole } from './database-role.ts';
import { dynamicTable } from './dynamic-table.ts';
import { experiment } from './experiment/experiment.ts';
import { fileFormat } from './file-format.ts';
import { userFunction } from './function.ts';
import { imageRepository } from './image-repository.ts';
import type { Kind } from './kind.ts';
import { maskingPolicy } from './masking-policy.ts';
import { model } from './model/model.ts';
import { modelMonitor } from './model-monitor/model-monitor.ts';
import { notebook } from './notebook/notebook.ts';
import { notificationIntegration } from './notification-integration.ts';
import { onlineFeatureTable } from './online-feature-table.ts';
import { procedure } from './procedure.ts';
import { role } from './role.ts';
import { rowAccessPolicy } from './row-access-policy.ts';
import { schema } from './schema.ts';
import { secret } from './secret.ts';
import { service } from './job/service.ts';
import { sequence } from './sequence.ts';
import { stage } from './stage.ts';
import { stream } from './stream/stream.ts';
import { table } from './table.ts';
import { tag } from './tag.ts';
import { user } from './user.ts';
import { view } from './view.ts';
import { warehouse } from './warehouse.ts';

/** Every kind of object that the local Snowflake has. A new kind is one more line here. */
export const kinds: readonly Kind[] = [
  computePool,
  contact,
  database,
  databaseRole,
  dataset,
  dynamicTable,
  experiment,
  fileFormat,
  imageRepository,
  maskingPolicy,
  model,
  modelMonitor,
  notebook,
  notificationIntegration,
  onlineFeatureTable,
  procedure,
  role,
  rowAccessPolicy,
  schema,
  secret,
  sequence,
  service,
  stage,
  stream,
  table,
  tag,
  user,
  userFunction,
  view,
  warehouse,
];
