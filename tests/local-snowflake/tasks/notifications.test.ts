import { afterAll, beforeAll, expect, it } from 'vitest';
import { TaskServer } from './task-server.ts';

// https://docs.snowflake.com/en/user-guide/tasks-errors-integrate, tasks-success-integrate: messages to a cloud's queue. There is no
// cloud behind a local account; they are kept in the outbox.

let tasks: TaskServer;

beforeAll(async () => {
  tasks = await TaskServer.start();
  await tasks.run(
    'create database test_db',
    // https://docs.snowflake.com/en/user-guide/notifications/creating-notification-integration-amazon-sns
    `CREATE NOTIFICATION INTEGRATION my_notification_int
       ENABLED = TRUE
       DIRECTION = OUTBOUND
       TYPE = QUEUE
       NOTIFICATION_PROVIDER = AWS_SNS
       AWS_SNS_TOPIC_ARN = 'arn:aws:sns:us-east-2:111122223333:sns_topic'
       AWS_SNS_ROLE_ARN = 'arn:aws:iam::111122223333:role/error_sns_role'`,
    'create task root warehouse = compute_wh error_integration = my_notification_int success_integration = my_notification_int as select 1',
    'create task child warehouse = compute_wh after root as select 1 / 0',
    "select system$task_dependents_enable('root')",
  );
});

afterAll(async () => {
  await tasks.close();
});

function sent(): unknown[] {
  const entries = tasks.server.service.outbox();
  for (const { kind, integration, recipients, delivery } of entries) {
    expect({ kind, integration, recipients, delivery }).toEqual({
      kind: 'queue',
      integration: 'MY_NOTIFICATION_INT',
      recipients: ['arn:aws:sns:us-east-2:111122223333:sns_topic'],
      delivery: 'kept',
    });
  }
  return entries.map(({ body }) => JSON.parse(body) as unknown);
}

const iso: unknown = expect.stringMatching(/^2026-03-02T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u);
const uuid: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/u);

it('a failed child is told of through the integration of its root', async () => {
  await tasks.execute('root');
  const row = await tasks.historyOf('child');
  const [root] = await tasks.rows("show tasks like 'ROOT'");
  const [child] = await tasks.rows("show tasks like 'CHILD'");
  expect(sent()).toEqual([
    {
      version: '1.0',
      messageId: uuid,
      messageType: 'USER_TASK_FAILED',
      timestamp: iso,
      accountName: tasks.server.account,
      taskName: 'TEST_DB.PUBLIC.CHILD',
      taskId: child?.['id'],
      rootTaskName: 'TEST_DB.PUBLIC.ROOT',
      rootTaskId: root?.['id'],
      messages: [
        {
          runId: new Date(Number(row['RUN_ID'])).toISOString(),
          scheduledTime: (row['SCHEDULED_TIME'] as Date).toISOString(),
          queryStartTime: (row['QUERY_START_TIME'] as Date).toISOString(),
          completedTime: 'null',
          queryId: row['QUERY_ID'],
          errorCode: '100051',
          errorMessage: 'Division by zero',
        },
      ],
    },
  ]);
});

it('each failed attempt is told of; a graph that then succeeds once more, with the number of the attempt', async () => {
  const before = sent().length;
  await tasks.run(
    'alter task root suspend',
    'alter task root set task_auto_retry_attempts = 1',
    'create table attempts (a int)',
    'alter task child modify as begin insert into attempts values (1); let n int := (select count(*) from attempts); if (n < 2) then select 1 / 0; end if; end',
  );
  await tasks.execute('root');
  const messages = sent().slice(before);
  const row = await tasks.historyOf('root');
  expect(messages).toMatchObject([{ messageType: 'USER_TASK_FAILED' }, { messageType: 'GRAPH_SUCCEEDED' }]);
  expect(messages[1]).toEqual({
    version: '1.0',
    messageId: uuid,
    messageType: 'GRAPH_SUCCEEDED',
    timestamp: iso,
    accountName: tasks.server.account,
    rootTaskName: 'TEST_DB.PUBLIC.ROOT',
    rootTaskId: row['ROOT_TASK_ID'],
    messages: [
      {
        runId: new Date(Number(row['RUN_ID'])).toISOString(),
        scheduledTime: iso,
        queryStartTime: expect.any(String) as unknown,
        graphCompletedTime: iso,
        queryId: expect.any(String) as unknown,
        attemptNumber: 2,
      },
    ],
  });
});

it('a standalone task that succeeds, and whatever a disabled integration would carry, is not sent', async () => {
  const before = sent().length;
  await tasks.run('create task alone warehouse = compute_wh success_integration = my_notification_int as select 1');
  await tasks.execute('alone');
  await tasks.run(
    'create task fails warehouse = compute_wh error_integration = my_notification_int as select 1 / 0',
    'alter notification integration my_notification_int set enabled = false',
  );
  await tasks.execute('fails');
  expect((await tasks.historyOf('fails'))['STATE']).toBe('FAILED');
  expect(sent()).toHaveLength(before);
});

it('the integration itself is shown and described (show-notification-integrations, creating-notification-integration-amazon-sns)', async () => {
  const [row] = await tasks.rows('show notification integrations');
  expect(row).toMatchObject({
    name: 'MY_NOTIFICATION_INT',
    type: 'QUEUE - AWS_SNS',
    category: 'NOTIFICATION',
    direction: 'OUTBOUND',
  });
  const described = await tasks.rows('desc notification integration my_notification_int');
  expect(described.map((each) => [each['property'], each['property_value']])).toEqual([
    ['ENABLED', 'false'],
    ['NOTIFICATION_PROVIDER', 'AWS_SNS'],
    ['DIRECTION', 'OUTBOUND'],
    ['AWS_SNS_TOPIC_ARN', 'arn:aws:sns:us-east-2:111122223333:sns_topic'],
    ['AWS_SNS_ROLE_ARN', 'arn:aws:iam::111122223333:role/error_sns_role'],
    ['SF_AWS_IAM_USER_ARN', ''],
    ['SF_AWS_EXTERNAL_ID', ''],
    ['COMMENT', ''],
  ]);
});

it('what does not make a queue integration is refused (create-notification-integration-queue-outbound-aws)', async () => {
  const create = 'create notification integration other enabled = true type = queue ';
  expect(await tasks.refusal(create)).toContain('DIRECTION');
  expect(await tasks.refusal(`${create} direction = outbound`)).toContain('NOTIFICATION_PROVIDER');
  expect(await tasks.refusal(`${create} direction = inbound notification_provider = aws_sqs`)).toContain('INBOUND');
  expect(await tasks.refusal(`${create} direction = outbound notification_provider = aws_sns aws_sns_topic_arn = 'a'`)).toContain(
    'AWS_SNS_ROLE_ARN',
  );
  expect(
    await tasks.refusal(
      `${create} direction = outbound notification_provider = gcp_pubsub gcp_pubsub_topic_name = 'projects/p/topics/t' aws_sns_topic_arn = 'a'`,
    ),
  ).toContain('AWS_SNS_TOPIC_ARN');
  expect(
    await tasks.refusal("create notification integration other enabled = true type = email gcp_pubsub_topic_name = 't'"),
  ).toContain('GCP_PUBSUB_TOPIC_NAME');
  // https://docs.snowflake.com/en/user-guide/tasks-errors: queues only
  await tasks.run('create notification integration mail enabled = true type = email');
  expect(await tasks.refusal('create task t error_integration = mail as select 1')).not.toBe('accepted');
});
