import { BatchScoring } from './components/batch-scoring.ts';
import { readStackConfig } from './components/config.ts';
import { findConnection } from './components/connection.ts';
import { DataProtection } from './components/data-protection.ts';
import { explained } from './components/explained.ts';
import { notificationChannel } from './components/notification-channel.ts';
import { InferenceService } from './components/inference-service.ts';
import { loadPayloads } from './components/payloads.ts';
import { PipelineDatabase } from './components/pipeline-database.ts';
import { pipelineGrants } from './components/pipeline-grants.ts';
import { PipelineRole } from './components/pipeline-role.ts';
import { PipelineWarehouse } from './components/pipeline-warehouse.ts';
import { connectProviders } from './components/providers.ts';
import { PythonProcedures } from './components/python-procedures.ts';
import { scoringGraph } from './components/scoring-graph.ts';
import { ServiceUser } from './components/service-user.ts';
import { stackNames } from './components/stack-names.ts';
import { StagedCode } from './components/staged-code.ts';
import { holdTaskGraph, TaskGraph } from './components/task-graph.ts';
import { trainingGraph } from './components/training-graph.ts';
import { TrainingNotifications } from './components/training-notifications.ts';
import { TrainingPool } from './components/training-pool.ts';

// Everything that can be refused is, before the first resource.
const config = explained(readStackConfig);
const names = stackNames(config.suffix);
const account = explained(() => findConnection(config.connection, { home: config.connectionsHome }));
const payloads = explained(() => loadPayloads('payloads', config.packageVersions));
const plan = explained(() => trainingGraph({ names, config, procedures: payloads.procedures }));
const scoringPlan = explained(() => scoringGraph({ names, config, procedures: payloads.procedures, trainingRoot: plan.root }));
const { showStatements } = config;

// What an administrator gives the pipeline.
const administrator = { providers: connectProviders('administrator', { connection: account, showStatements }) };
const warehouse = new PipelineWarehouse('warehouse', { ...config.warehouse, name: names.warehouse }, administrator);
const pool = new TrainingPool(
  'training-pool',
  { ...config.computePool, name: names.computePool, targetInstances: config.training.targetInstances },
  administrator,
);
const database = new PipelineDatabase(
  'database',
  { name: names.database, schemas: [names.dataSchema, names.pipelineSchema] },
  administrator,
);
const dataSchema = database.schema(names.dataSchema);
const pipelineSchema = database.schema(names.pipelineSchema);
const notifications = new TrainingNotifications(
  'notifications',
  { name: names.notificationIntegration, channel: notificationChannel(config, names, pipelineSchema) },
  administrator,
);
const protection = new DataProtection(
  'protection',
  {
    schema: dataSchema,
    tag: names.protectedTag,
    attributePolicy: names.attributePolicy,
    rowPolicy: names.rowPolicy,
    attributeReaders: [names.role, ...config.protection.attributeReaders],
    rowReaders: config.protection.rowReaders,
  },
  administrator,
);
const grants = pipelineGrants({
  warehouse: warehouse.name,
  computePool: pool.name,
  notificationIntegration: notifications.name,
  database: database.name,
  dataSchema: dataSchema.fullyQualifiedName,
  pipelineSchema: pipelineSchema.fullyQualifiedName,
  protectedTag: protection.tagName,
  rowPolicy: protection.rowPolicyName,
  webhookSecret: notifications.secretName,
  inference: config.inferenceService !== undefined,
  monitoring: scoringPlan !== undefined,
});
const engineer = new PipelineRole('engineer', { name: names.role, grants }, administrator);
const user = new ServiceUser(
  'service-user',
  {
    name: names.serviceUser,
    role: engineer.name,
    warehouse: warehouse.name,
    namespace: pipelineSchema.fullyQualifiedName,
    privateKey: config.servicePrivateKey,
    people: config.deployerOperates ? [...config.people, account.user.toUpperCase()] : config.people,
  },
  administrator,
);

// What the pipeline's own user builds with it, and owns.
const service = {
  providers: connectProviders(
    'service',
    { connection: account, login: user.login(), showStatements },
    { dependsOn: [engineer, user] },
  ),
};
const place = { database: names.database, schema: names.pipelineSchema, warehouse: names.warehouse, plan };
const hold = holdTaskGraph('training', place, { provider: service.providers.snowflakeml });
const scoring = scoringPlan === undefined ? undefined : { ...place, plan: scoringPlan };
const scoringHold =
  scoring === undefined ? undefined : holdTaskGraph('scoring', scoring, { provider: service.providers.snowflakeml });
const holds = scoringHold === undefined ? [hold] : [hold, scoringHold];
const code = new StagedCode(
  'code',
  { ...place, codeStage: names.codeStage, jobStage: names.jobStage, files: payloads.files, changesAfter: holds },
  service,
);
const called = new Set([...plan.tasks, ...(scoringPlan?.tasks ?? [])].map((task) => task.name));
const procedures = new PythonProcedures(
  'procedures',
  { ...place, ...payloads, procedures: payloads.procedures.filter(({ name }) => called.has(name)), code },
  service,
);
const graph = new TaskGraph('training', { ...place, hold, needs: (task) => [procedures.procedure(task.name)] }, service);
const batchScoring =
  scoring === undefined || scoringHold === undefined
    ? undefined
    : new BatchScoring(
        'scoring',
        {
          ...scoring,
          hold: scoringHold,
          needs: (task) => (payloads.procedures.some(({ name }) => name === task.name) ? [procedures.procedure(task.name)] : []),
        },
        service,
      );

const inference =
  config.inferenceService &&
  new InferenceService(
    'inference',
    {
      ...place,
      ...config.inferenceService,
      name: names.inferenceService,
      model: names.model,
      computePool: names.computePool,
      poolMaxNodes: config.computePool.maxNodes,
      after: [pool],
    },
    service,
  );

/** Fully qualified; what the pipeline command runs and watches. */
export const rootTask = graph.root;
/** Fully qualified; the graph that scores and watches, where the configuration has `monitoring`. */
export const scoringTask = batchScoring?.root;
/** Name of the connection it was deployed through. */
export const connection = account.name;
export const graphConfig = plan.config;
export const role = engineer.name;
export const serviceUser = user.name;
export const servicePrivateKey = user.privateKey;
export const objects = names;
/** Of the model's public endpoint, where it is served. */
export const inferenceEndpoint = inference?.endpoint;
