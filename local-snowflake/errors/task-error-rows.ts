import { compilation, row } from './error-row.ts';

type Task = { task: string };
type None = Record<string, never>;

/**
 * Refusals and run errors of tasks and task graphs. Wordings are those seen on real accounts where any is public; the
 * codes 091085, 091089, 091421, 091456 and 091457 are theirs, the others of the 0914xx range are ours.
 */
export const taskErrorRows = {
  // Graph shape. https://docs.snowflake.com/en/user-guide/tasks-graphs
  taskRootNotSuspended: row<{ root: string }>(
    '091421',
    '22000',
    (a) => `Unable to update graph with root task ${a.root} since that root task is not suspended.`,
  ),
  taskPredecessorUnknown: row<{ name: string }>('091085', '42601', (a) => `Invalid predecessor ${a.name} was specified.`),
  taskPredecessorForeign: row<{ name: string }>(
    '091086',
    '42601',
    (a) => `Cannot have predecessor ${a.name} from a different schema.`,
  ),
  taskPredecessorSelf: row<Task>('091087', '42601', (a) => `Task ${a.task} cannot use itself as its predecessor.`),
  taskPredecessorMissing: row<Task & { name: string }>(
    '091088',
    '42601',
    (a) => `Task ${a.task} does not have predecessor ${a.name}.`,
  ),
  taskScheduleAndPredecessor: row<Task>('091090', '42601', (a) => `Task ${a.task} cannot have both a schedule and a predecessor.`),
  taskCycle: row<Task>('091092', '42601', (a) => `Graph has at least one cycle containing task ${a.task}.`),
  taskTooManyPredecessors: row<Task & { limit: number }>(
    '091093',
    '54000',
    (a) => `Task ${a.task} cannot have more than ${String(a.limit)} predecessor tasks.`,
  ),
  taskTooManyChildren: row<Task & { limit: number }>(
    '091094',
    '54000',
    (a) => `Task ${a.task} cannot have more than ${String(a.limit)} child tasks.`,
  ),
  taskGraphTooLarge: row<{ root: string; limit: number }>(
    '091095',
    '54000',
    (a) => `The task graph with root task ${a.root} cannot have more than ${String(a.limit)} tasks.`,
  ),
  taskTooManyStarted: row<{ limit: number }>(
    '091096',
    '54000',
    (a) => `The account cannot have more than ${String(a.limit)} started tasks.`,
  ),
  taskTwoRoots: row<{ roots: string }>(
    '091097',
    '42601',
    (a) => `The graph has more than one root task (one without predecessors): ${a.roots}.`,
  ),
  taskOwnersDiffer: row<Task & { other: string }>(
    '091098',
    '42601',
    (a) => `Task ${a.task} and task ${a.other} of one task graph must have the same owner.`,
  ),
  // Finalizers
  taskFinalizeUnknown: row<{ name: string }>('091430', '42601', (a) => `Invalid finalized root task ${a.name} was specified.`),
  taskFinalizeForeign: row<{ name: string }>('091431', '42601', (a) => `Cannot finalize graph ${a.name} in a different schema.`),
  taskFinalizeSelf: row<Task>('091432', '42601', (a) => `Task ${a.task} cannot finalize itself.`),
  taskFinalizeNonRoot: row<Task & { target: string }>(
    '091433',
    '42601',
    (a) => `Task ${a.task} cannot finalize a non-root task ${a.target}.`,
  ),
  taskFinalizeTaken: row<{ root: string }>('091434', '42601', (a) => `Finalize target ${a.root} already have finalizer.`),
  taskFinalizerSchedule: row<Task>('091435', '42601', (a) => `Task ${a.task} cannot have a schedule and be a finalizer task.`),
  taskFinalizerPredecessors: row<Task>('091436', '42601', (a) => `Task ${a.task} cannot have predecessors as a finalizer task.`),
  taskFinalizerChildren: row<Task>('091437', '42601', (a) => `Task ${a.task} cannot have children as a finalizer task.`),
  taskFinalizedChild: row<None>(
    '091438',
    '42601',
    () => 'This task has a finalizer and cannot be made a child task. Please remove the finalizer before adding a predecessor.',
  ),
  taskFinalizedReplaced: row<Task>(
    '091439',
    '42601',
    (a) =>
      `Cannot replace task ${a.task} with a non-root task because it has a finalizer task. Please remove the finalizer task first.`,
  ),
  // Properties. https://docs.snowflake.com/en/sql-reference/sql/create-task
  taskScheduleInvalid: row<None>(
    '091440',
    '22023',
    () => 'Invalid schedule was specified. Please refer to the docs on what constitutes a valid schedule.',
  ),
  taskScheduleZone: row<{ zone: string }>(
    '091441',
    '22023',
    (a) =>
      `Invalid schedule was specified. "${a.zone}" is not a recognized time zone. Please specify time zones accepted by the TIMEZONE parameter.`,
  ),
  taskScheduleTooShort: row<None>('091442', '22023', () => 'Cannot set schedule less than 10 seconds.'),
  taskScheduleTooLong: row<None>('091443', '22023', () => 'Cannot set schedule greater than 11,520 minutes.'),
  taskScheduleNever: row<None>(
    '091444',
    '22023',
    () => 'No valid time could be found under the schedule and/or interval specified',
  ),
  taskConfigInvalid: row<None>('091445', '22023', () => 'Invalid config. Must be a string representation of a valid JSON Object.'),
  taskConfigNonRoot: row<Task>('091446', '42601', (a) => `Task ${a.task} cannot both be a non-root task and have a config.`),
  taskOverlapNonRoot: row<Task>('091447', '42601', (a) => `Cannot set overlap policy on non-root task ${a.task}.`),
  taskOverlappingNonRoot: row<Task>('091448', '42601', (a) => `Cannot set allow_overlapping_execution on non-root task ${a.task}.`),
  taskOverlapInvalid: row<{ value: string }>('001008', '22023', (a) =>
    compilation(`invalid value '${a.value}' for property 'OVERLAP_POLICY'`),
  ),
  taskOverlapConflict: row<None>(
    '091449',
    '42601',
    () => 'Cannot specify ALLOW_OVERLAPPING_EXECUTION and OVERLAP_POLICY to different values in the same command.',
  ),
  taskRootParameter: row<Task & { parameter: string }>(
    '091450',
    '42601',
    (a) =>
      `Cannot set parameter ${a.parameter} on non-root task ${a.task}. Non-root tasks use the parameter setting from their root task. Please set this on the root task for this task instead.`,
  ),
  taskParameterUnsupported: row<{ parameter: string }>(
    '091451',
    '0A000',
    (a) => `The parameter ${a.parameter} is not supported with Tasks. Remove the parameter and try again.`,
  ),
  taskWarehouseUnknown: row<{ name: string }>('091084', '42601', (a) => `Nonexistent warehouse ${a.name} was specified.`),
  taskWarehouseAndSize: row<None>(
    '091452',
    '42601',
    () => 'Cannot set both WAREHOUSE and USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE.',
  ),
  taskNotServerless: row<{ parameter: string }>('091453', '42601', (a) => `Cannot set ${a.parameter} on a non-serverless task.`),
  taskSizeAbove: row<{ low: string; lowSize: string; high: string; highSize: string }>(
    '091454',
    '22023',
    (a) => `${a.low} (${a.lowSize}) cannot be greater than ${a.high} (${a.highSize}).`,
  ),
  taskSizeBelow: row<{ high: string; highSize: string; low: string; lowSize: string }>(
    '091454',
    '22023',
    (a) => `${a.high} (${a.highSize}) cannot be less than ${a.low} (${a.lowSize}).`,
  ),
  taskTriggeredInterval: row<Task>(
    '091455',
    '42601',
    (a) => `Task ${a.task} must specify TARGET_COMPLETION_INTERVAL: it is serverless and runs when a stream has data.`,
  ),
  parameterOutOfRange: row<{ value: string; low: string; high: string }>(
    '001008',
    '22023',
    (a) => `SQL compilation error: \nparameter value out of range: ${a.value}. Must be between ${a.low} and ${a.high}.`,
  ),
  taskLogLevel: row<None>(
    '001008',
    '22023',
    () => 'Invalid value for log level. Allowed values are TRACE,DEBUG,INFO,WARN,ERROR,FATAL,OFF.',
  ),
  taskTraceLevel: row<None>(
    '001008',
    '22023',
    () => 'Invalid value for trace level. Allowed values are ALWAYS,ON_EVENT,PROPAGATE,OFF.',
  ),
  taskCondition: row<{ reason: string }>('091458', '42601', (a) =>
    compilation(`Invalid expression for task condition: ${a.reason}`),
  ),
  taskIntegrationType: row<{ name: string }>(
    '091459',
    '42601',
    (a) => `Integration ${a.name} is not a queue integration (QUEUE type, direction OUTBOUND) and cannot carry task notifications.`,
  ),
  // Running. https://docs.snowflake.com/en/sql-reference/sql/execute-task
  taskExecuteNonRoot: row<Task>(
    '091460',
    '42601',
    (a) => `Execute task cannot be called on non-root task ${a.task}. Call EXECUTE TASK on the root task of its graph instead.`,
  ),
  taskExecutePrivilege: row<{ privilege: string }>(
    '091089',
    '23001',
    (a) => `Cannot execute task, ${a.privilege} privilege must be granted to owner role`,
  ),
  taskWarehousePrivilege: row<{ name: string }>(
    '091089',
    '23001',
    (a) => `Cannot execute task, USAGE privilege on the task's warehouse ${a.name} must be granted to owner role`,
  ),
  alertExecutePrivilege: row<{ privilege: string }>(
    '091089',
    '23001',
    (a) => `Cannot execute alert, ${a.privilege} privilege must be granted to owner role`,
  ),
  alertWarehousePrivilege: row<{ name: string }>(
    '091089',
    '23001',
    (a) => `Cannot execute alert, USAGE privilege on the alert's warehouse ${a.name} must be granted to owner role`,
  ),
  taskContainerPrivilege: row<{ kind: string; name: string }>(
    '091089',
    '23001',
    (a) => `Cannot execute task, USAGE privilege on the task's ${a.kind} ${a.name} must be granted to owner role`,
  ),
  taskImpersonatePrivilege: row<{ user: string }>(
    '091089',
    '23001',
    (a) => `Cannot execute task, IMPERSONATE privilege on user ${a.user} must be granted to owner role, and owner role to the user`,
  ),
  taskRetryNone: row<{ root: string }>(
    '091457',
    '22000',
    (a) => `Cannot perform retry: no suitable run of graph with root task ${a.root} to retry.`,
  ),
  taskRetryClean: row<{ group: string; attempt: number; root: string }>(
    '091456',
    '22000',
    (a) =>
      `Cannot perform retry: run (GRAPH_RUN_GROUP_ID = ${a.group}, attempt = ${String(a.attempt)}) of graph with root task ${a.root} had no failures.`,
  ),
  taskRetryUnknown: row<{ group: string }>(
    '091461',
    '22000',
    (a) => `Cannot perform retry: Graph run group with ID ${a.group} not found.`,
  ),
  taskRetryRunning: row<{ group: string; root: string }>(
    '091462',
    '22000',
    (a) => `Cannot perform retry: run (GRAPH_RUN_GROUP_ID = ${a.group}) of graph with root task ${a.root} is still in progress.`,
  ),
  taskRetryModified: row<{ group: string; root: string }>(
    '091463',
    '22000',
    (a) => `Cannot perform retry: graph with root task ${a.root} was modified since run (GRAPH_RUN_GROUP_ID = ${a.group}).`,
  ),
  taskRetryTooOld: row<{ group: string; root: string }>(
    '091464',
    '22000',
    (a) =>
      `Cannot perform retry: first attempt of run (GRAPH_RUN_GROUP_ID = ${a.group}) of graph with root task ${a.root} is more than 14 days old.`,
  ),
  taskAutocommit: row<None>(
    '091474',
    '22000',
    () =>
      'DML statements of a task need the parameter AUTOCOMMIT to be TRUE. Set it for the task with ALTER TASK … SET AUTOCOMMIT = TRUE.',
  ),
  taskInterrupted: row<None>('000603', 'XX000', () => 'Task run was interrupted: the server stopped while it was executing.'),
  taskNotRecorded: row<{ reason: string }>(
    '000603',
    'XX000',
    (a) => `Task run could not be recorded and was not started: ${a.reason}`,
  ),
  // Functions of a task run. https://docs.snowflake.com/en/sql-reference/functions-system
  taskFunctionOutside: row<{ function: string }>(
    '091465',
    '22000',
    (a) => `Function ${a.function} must be called from within a task.`,
  ),
  taskReturnTooLong: row<{ bytes: number }>(
    '091466',
    '22000',
    (a) => `Return value of a task cannot be larger than 10 kB in UTF-8, got ${String(a.bytes)} bytes.`,
  ),
  taskPredecessorValue: row<{ name: string }>(
    '091467',
    '22023',
    (a) =>
      `Invalid task name '${a.name}' for SYSTEM$GET_PREDECESSOR_RETURN_VALUE: it is no enabled predecessor of the current task.`,
  ),
  taskPredecessorName: row<{ count: number }>('091468', '22023', (a) =>
    a.count === 0
      ? 'SYSTEM$GET_PREDECESSOR_RETURN_VALUE: the current task has no enabled predecessor.'
      : `SYSTEM$GET_PREDECESSOR_RETURN_VALUE needs a task name: the current task has ${String(a.count)} enabled predecessors.`,
  ),
  taskRuntimeArgument: row<{ value: string }>(
    '091469',
    '22023',
    (a) =>
      `Invalid value [${a.value}] for function 'SYSTEM$TASK_RUNTIME_INFO', parameter 1: must be one of CURRENT_TASK_NAME, CURRENT_ROOT_TASK_NAME, CURRENT_ROOT_TASK_UUID, CURRENT_TASK_GRAPH_RUN_GROUP_ID, CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP, LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID, LAST_SUCCESSFUL_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP`,
  ),
  taskStateArgument: row<{ function: string; value: string }>(
    '091470',
    '22023',
    (a) => `Invalid value [${a.value}] for function '${a.function}', parameter 1`,
  ),
  // Table functions. https://docs.snowflake.com/en/sql-reference/info-schema
  taskNameArgument: row<{ name: string }>('001044', '42601', (a) =>
    compilation(`Invalid value [${a.name}] for function 'TASK_DEPENDENTS_SCAN', parameter 1: must be a valid task name`),
  ),
  resultLimit: row<None>('091471', '22023', () => 'Value for parameter RESULT_LIMIT exceeds maximum allowable value (10,000).'),
  tableFunctionArgument: row<{ function: string; argument: string; value: string }>('001044', '42601', (a) =>
    compilation(`Invalid value [${a.value}] for function '${a.function}', parameter ${a.argument}`),
  ),
  taskHistoryRange: row<None>(
    '091472',
    '22023',
    () =>
      'Cannot retrieve data from more than 7 days ago. SCHEDULED_TIME_RANGE_START and SCHEDULED_TIME_RANGE_END must be within the last 7 days.',
  ),
  taskHistorySchema: row<None>('091473', '22023', () => 'DATABASE_NAME must be specified when SCHEMA_NAME is.'),
} as const;
