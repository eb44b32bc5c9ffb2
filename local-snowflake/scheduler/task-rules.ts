import { type RuleRows, taskGraphObjectPages } from './task-graph-object-rules.ts';

/** A rule of tasks and task graphs, the page that states it, and the test that holds it. */
export interface TaskRule {
  readonly rule: string;
  /** Documentation page, below https://docs.snowflake.com/en. */
  readonly page: string;
  /** Test file below tests/local-snowflake, without `.test.ts`. */
  readonly file: string;
  /** Title of the test, or as much of it as tells it apart. */
  readonly test: string;
}

/** What the documentation says of tasks, page by page. A test checks that each rule's test is there. */
const pages: Readonly<Record<string, RuleRows>> = {
  'sql-reference/sql/create-task': [
    ['Properties, their defaults and how they are shown', 'tasks/create', 'makes a suspended task and shows it'],
    ['What a property may not be: kind of literal, range, twice, unknown', 'tasks/create', 'account: %s'],
    [
      'OR REPLACE: a new, suspended task in the same place',
      'tasks/create',
      'OR REPLACE makes a new task that keeps its place in the graph',
    ],
    ['IF NOT EXISTS', 'tasks/create', 'IF NOT EXISTS over a task weighs the statement alone'],
    [
      'CREATE OR ALTER; TAG and CONTACT are not part of it',
      'tasks/create',
      'OR ALTER describes the whole task and keeps its identity',
    ],
    ['CLONE', 'tasks/create', 'CLONE copies properties; by the owner also the predecessors'],
    [
      'One owner for a graph; a clone by another role has no predecessor',
      'tasks/ownership',
      'is the same for all tasks of a graph',
    ],
    ['WITH CONTACT', 'tasks/ownership', 'are given with it, replaced and taken away by their purpose'],
    ['WHEN: what may stand in it', 'tasks/create', 'takes the documented conditions'],
    ['WHEN: PARSE_JSON and the like are refused', 'tasks/create', 'refuses in WHEN what needs a warehouse, by name'],
    ['WHEN: operators, casts, NULL', 'scheduler/condition', 'compares numbers exactly, however they are written'],
    [
      'WHEN not met: the task is skipped, and what is behind it does not run',
      'scheduler/propagation',
      'skips a task whose condition is not met',
    ],
    ['Limits: 1,000 tasks a graph, 100 predecessors, 100 children', 'tasks/graph-limits', 'has at most 1,000 tasks'],
    ['Schedules: intervals', 'tasks/schedule', 'counts from the base and never fires early'],
    ['Schedules: cron', 'tasks/schedule', 'is the first instant whose wall clock matches'],
    ['Cron: an hour that autumn repeats runs twice', 'tasks/schedule', 'runs a repeated hour twice in autumn'],
    ['Cron: an hour that spring leaves out does not run', 'tasks/schedule', 'leaves out an hour that spring leaves out'],
    ['OVERLAP_POLICY = NO_OVERLAP', 'scheduler/schedules', 'NO_OVERLAP skips instants until the whole graph has ended'],
    ['OVERLAP_POLICY = ALLOW_CHILD_OVERLAP', 'scheduler/schedules', 'ALLOW_CHILD_OVERLAP starts the next run while children run'],
    ['OVERLAP_POLICY = ALLOW_ALL_OVERLAP', 'scheduler/schedules', 'ALLOW_ALL_OVERLAP starts at every instant'],
    ['Session parameters of the task', 'tasks/bodies', "have the task's session parameters"],
    ['USER_TASK_TIMEOUT_MS and STATEMENT_TIMEOUT_IN_SECONDS', 'scheduler/schedules', 'are the lower of USER_TASK_TIMEOUT_MS'],
    [
      'USER_TASK_TIMEOUT_MS: its default and its maximum',
      'scheduler/schedules',
      'are an hour unless set, and the maximum when set to 0',
    ],
    [
      'SUSPEND_TASK_AFTER_NUM_FAILURES',
      'scheduler/execute-and-retry',
      'suspends the root when one task has failed in so many runs',
    ],
    ['What counts as a failure', 'scheduler/execute-and-retry', 'starts counting anew after a success'],
    ['Revoking EXECUTE TASK stops later runs', 'tasks/runs', 'no run starts once EXECUTE TASK is taken from the owner'],
    [
      'Bodies: SQL, Snowflake Scripting, EXECUTE IMMEDIATE',
      'tasks/bodies',
      'a block without delimiters, session parameters set in it',
    ],
    ['CREATE TASK on the schema', 'tasks/privileges', 'a role wants CREATE TASK on the schema'],
    ['USAGE on the warehouse', 'tasks/privileges', 'with a warehouse, it wants USAGE on that'],
    [
      'CREATE OR ALTER of a task that is there: OWNERSHIP',
      'tasks/privileges',
      'CREATE OR ALTER of one that is there wants OWNERSHIP',
    ],
    [
      'EXECUTE MANAGED TASK for serverless tasks',
      'tasks/privileges',
      'without a warehouse, its owner wants EXECUTE MANAGED TASK besides',
    ],
    [
      'Sizes of serverless tasks, on the task and above it',
      'tasks/task-parameters',
      'sizes of serverless tasks hold from the account down',
    ],
    ['TAG: values of at most 256 characters', 'tasks/task-parameters', 'have values of at most 256 characters'],
    [
      'Tags outlast CREATE OR ALTER',
      'tasks/task-parameters',
      'are given, changed and taken away, and stay through CREATE OR ALTER',
    ],
    [
      'OR REPLACE: a run under way is completed',
      'tasks/runs-and-ddl',
      'is completed with the code it began with when its task is replaced',
    ],
    [
      'OR REPLACE: SYSTEM$CANCEL_QUERY stops a run of the replaced task',
      'tasks/runs-and-ddl',
      'is stopped by SYSTEM$CANCEL_QUERY after its task was replaced',
    ],
    ['At most 30,000 started tasks an account', 'tasks/graph-limits', 'belongs to an account with at most 30,000 started tasks'],
    ['AUTOCOMMIT is to be TRUE', 'tasks/task-parameters', 'DML of a task fails while AUTOCOMMIT is FALSE on the account'],
    ['SEARCH_PATH and AUTOCOMMIT = FALSE are no parameters of tasks', 'tasks/create', 'account: %s'],
  ],
  'sql-reference/sql/alter-task': [
    ['SET and UNSET', 'tasks/alter-and-show', 'sets and unsets properties and parameters'],
    ['MODIFY AS, MODIFY WHEN, REMOVE WHEN', 'tasks/alter-and-show', 'changes body and condition'],
    ['RESUME and SUSPEND', 'tasks/alter-and-show', 'resumes and suspends'],
    [
      'ADD AFTER, REMOVE AFTER, SET and UNSET FINALIZE',
      'tasks/graph-rules',
      'becoming a finalizer or a child is for those that may',
    ],
    [
      'Nothing in a graph is changed while its root is started',
      'tasks/graph-rules',
      'nothing in a graph is changed while its root is started',
    ],
    ['Nor is a task without a graph', 'tasks/graph-rules', 'a resumed task without a graph is not changed either'],
    ['The base of an interval is the RESUME', 'scheduler/schedules', 'start a resumed root at each instant, counted from RESUME'],
    ['CONTACT stands alone', 'tasks/ownership', 'refuses %s'],
    [
      'Properties by blanks, commas and new lines; UNSET takes no value',
      'tasks/task-parameters',
      'are set by blanks, commas and new lines',
    ],
    [
      'OPERATE resumes and suspends, OWNERSHIP changes',
      'tasks/privileges',
      'resumed, suspended, executed and cancelled with OPERATE',
    ],
    ['RESUME asks for the rights of the owner', 'tasks/privileges', 'its owner wants %s, whoever asks'],
    [
      'A run under way is completed when its task is suspended',
      'tasks/runs-and-ddl',
      'is completed when its task is suspended, and when it is dropped',
    ],
  ],
  'user-guide/tasks-graphs': [
    [
      'Cycles and second roots are refused when the root is resumed',
      'tasks/graph-rules',
      'a graph may be linked in any way while suspended',
    ],
    ['Predecessors and finalizers of the same schema', 'tasks/graph-rules', 'predecessors are tasks of the same schema'],
    ['Links are cut by DROP TASK', 'tasks/graph-rules', 'links are cut when a task is dropped'],
    ['Ownership of one task cuts its links', 'tasks/ownership', 'of one task, passed on, takes it out of its graph'],
    ['Ownership of all tasks keeps the links', 'tasks/ownership', 'of all tasks of the schema keeps the links'],
    ['DROP ROLE of the owner keeps the links', 'access/drop-role', 'passes on what it owned, with tasks suspended and linked'],
    [
      'Children start behind all their predecessors',
      'scheduler/propagation',
      'starts children once all predecessors have succeeded',
    ],
    ['A failed task stops what is behind it', 'scheduler/propagation', 'goes on beside a failed task but not behind it'],
    ['A suspended child is passed over', 'scheduler/propagation', 'passes over a suspended child as though it had succeeded'],
    ['Several predecessors, some suspended', 'scheduler/propagation', 'joins when one predecessor is resumed'],
    ['The finalizer runs last, always', 'scheduler/propagation', 'runs the finalizer also when the root failed'],
    [
      'No finalizer when the root is skipped',
      'scheduler/propagation',
      'starts neither children nor finalizer when the root is skipped',
    ],
    ['Versions: a run keeps to the one it started with', 'scheduler/propagation', 'keeps to the version it started with'],
    [
      'Versions: when a new one is set',
      'scheduler/execute-and-retry',
      'sets a version, one more when something was modified since',
    ],
    [
      'Timeouts of the root bound the graph, those of a child the child',
      'scheduler/schedules',
      'of the root bound the whole graph',
    ],
    [
      'Automatic retries, after the finalizer',
      'scheduler/execute-and-retry',
      'follow at once, after the finalizer, as often as is set',
    ],
    ['Every run of any graph', 'scheduler/properties', 'lets run exactly the tasks that the rules let run'],
    ['Example: Correct for errors', 'tasks/documented-examples', 'a finalizer corrects what the first attempt failed on'],
    ['Example: Send email notification', 'tasks/documented-examples', 'a finalizer tells the story of its run'],
  ],
  'user-guide/tasks-intro': [
    ['A run has the rights of the owner', 'tasks/runs', 'a body runs with the rights of its owner'],
    ['DROP ROLE of the owner: the run under way is completed under it', 'tasks/dropped-owner', 'completes under it'],
    ['EXECUTE AS USER: who may', 'tasks/ownership', 'wants IMPERSONATE on the user, to be made and to be run'],
    ['EXECUTE AS USER: identity and roles', 'tasks/ownership', 'runs the body as the user, with the owner as primary role'],
    [
      'A schedule is skipped while a run is under way',
      'scheduler/schedules',
      'NO_OVERLAP skips instants until the whole graph has ended',
    ],
    ['Schedules that went by while the machine slept', 'scheduler/schedules', 'do not make up for instants that went by'],
    ['Parameters of tasks on account, database and schema', 'tasks/task-parameters', '%s holds for what is within the account'],
    ['A role to administer tasks', 'tasks/privileges', 'the role that owns it may have the privileges from a role granted to it'],
    ['What MONITOR shows', 'tasks/privileges', 'only seen with MONITOR'],
    [
      'A modified task: the run under way keeps its version',
      'tasks/runs-and-ddl',
      'keeps the version that it began with when its task is modified',
    ],
    ['Cost of a task', 'tasks/serverless', 'adds up, as the cost of a task is asked for'],
  ],
  'user-guide/tasks-triggered': [
    ['A run when data comes, at most every 30 seconds', 'tasks/triggered', 'run when data comes into their stream'],
    ['A check at RESUME', 'tasks/triggered', 'run at once when they are resumed over a stream that has data'],
    ['Two streams, OR', 'tasks/triggered', 'run for either of two streams'],
    ['Two streams, AND', 'tasks/triggered', 'are skipped while only one of two streams has data'],
    ['From scheduled to triggered', 'tasks/triggered', 'come from a scheduled task'],
    ['Streams on views', 'tasks/triggered', 'run for every change of the tables behind a view'],
    ['Streams on dynamic tables', 'tasks/triggered', 'run when a refresh has changed rows of a dynamic table'],
    ['Streams on directory tables', 'tasks/triggered', 'run when a refresh has found files for a directory table'],
    ['A check after twelve hours', 'scheduler/schedules', 'are looked at after twelve hours'],
    ['USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS', 'scheduler/schedules', 'take a shorter interval of their own'],
    [
      'TARGET_COMPLETION_INTERVAL of serverless ones',
      'tasks/alter-and-show',
      'wants a target interval for serverless triggered tasks',
    ],
  ],
  'sql-reference/sql/execute-task': [
    ['A suspended root runs, and stays suspended', 'tasks/runs', 'runs a suspended task once, and leaves it suspended'],
    ['Roots and standalone tasks alone', 'tasks/runs', 'only the root or a standalone task can be executed'],
    ['Behind a run under way', 'scheduler/execute-and-retry', 'schedules one run behind the one under way'],
    ['USING CONFIG: a deep merge', 'scheduler/graph-config', 'keeps what it does not name, deep inside too'],
    ['AWAIT', 'tasks/runs', 'AWAIT answers when the run has ended'],
    ['RETRY LAST', 'scheduler/execute-and-retry', 're-executes what failed, then what follows'],
    ['RETRY LAST: what cannot be retried', 'scheduler/execute-and-retry', 'is refused for a run without failures'],
    ['RETRY GRAPH RUN GROUP', 'scheduler/execute-and-retry', 'RETRY GRAPH RUN GROUP goes back to an older group'],
    ['OWNERSHIP or OPERATE', 'tasks/privileges', 'resumed, suspended, executed and cancelled with OPERATE'],
    [
      'Retries: never run, under way, modified, older than 14 days',
      'scheduler/execute-and-retry',
      'is refused when the graph is %s',
    ],
    ['RETRY GRAPH RUN GROUP: a group of the named task', 'tasks/usage-views', 'retries a group of the task that it names alone'],
    ['Before the run that a schedule will bring', 'tasks/usage-views', 'goes before the run that a schedule will bring'],
  ],
  'sql-reference/functions/system_task_dependents_enable': [
    ['A whole graph is resumed', 'tasks/alter-and-show', 'resumes a whole graph at once'],
  ],
  'sql-reference/functions/system_user_task_cancel_ongoing_executions': [
    [
      'A running body is stopped, the graph is CANCELLED',
      'tasks/runs',
      'a running body is stopped, what is behind it does not run',
    ],
    ['Not the runs of a replaced task', 'tasks/runs-and-ddl', 'is completed with the code it began with when its task is replaced'],
    ['OWNERSHIP or OPERATE', 'tasks/privileges', 'only seen with MONITOR'],
    ['A task with nothing running', 'tasks/runs', 'a task with nothing running says so'],
  ],
  'sql-reference/functions/system_set_return_value': [
    ['At most 10 kB', 'scheduler/execute-and-retry', 'limits return values to 10 kB of UTF-8'],
    ["Within callers' rights procedures", 'tasks/bodies', "a caller's-rights procedure speaks for the run"],
    ['Example: one task sets, the next one reads', 'tasks/documented-examples', 'one task sets what the other writes down'],
    ['Example: a variable', 'tasks/documented-examples', 'a triggered task tells how many rows it loaded'],
  ],
  'sql-reference/functions/system_get_predecessor_return_value': [
    [
      'Of enabled predecessors and ancestors',
      'scheduler/execute-and-retry',
      'reads return values of enabled predecessors and ancestors',
    ],
  ],
  'sql-reference/functions/system_get_task_graph_config': [['By path', 'tasks/bodies', 'is read by path by every task']],
  'sql-reference/functions/system_task_runtime_info': [
    [
      'Facts of the run, the graph and the last success',
      'scheduler/execute-and-retry',
      'tells of the run, the graph and the last success',
    ],
  ],
  'sql-reference/functions/system_predecessors_state': [
    ['Conditions on predecessors', 'scheduler/propagation', 'looks at conditions on predecessors’ states'],
  ],
  'sql-reference/sql/show-tasks': [
    ['Filters', 'tasks/alter-and-show', 'SHOW TASKS takes its filters'],
    ['TERSE', 'tasks/task-parameters', 'TERSE keeps six columns, without a kind'],
    ['LIMIT of at most 10,000', 'tasks/task-parameters', 'lists at most 10,000'],
    ['Only tasks with a privilege on them', 'tasks/privileges', 'not there for a role without a privilege on it'],
    ['Columns', 'tasks/create', 'makes a suspended task and shows it'],
  ],
  'sql-reference/sql/drop-task': [
    ['IF EXISTS', 'tasks/alter-and-show', 'DROP TASK IF EXISTS of a missing task succeeds'],
    ['A run under way is completed', 'tasks/runs-and-ddl', 'is completed when its task is suspended, and when it is dropped'],
    ['Former children become suspended roots', 'tasks/graph-rules', 'links are cut when a task is dropped'],
  ],
  'sql-reference/functions/task_history': [
    ['Columns, order and types', 'tasks/history', 'has the columns of the page, in its order and types'],
    ['QUERY_HASH, QUERY_PARAMETERIZED_HASH', 'tasks/history', 'hashes of its query tell which runs ran the same'],
    ['RESULT_LIMIT', 'tasks/history', 'RESULT_LIMIT cuts before WHERE does'],
    ['A range of times', 'tasks/history', 'a range of times, of the last seven days'],
    ['Who sees what', 'tasks/history', 'nobody without a privilege on the task'],
  ],
  'sql-reference/functions/complete_task_graphs': [
    ['Columns and order', 'tasks/history', 'has its columns in the order in which accounts answer'],
    ['The last hour', 'tasks/history', 'forgets what ended more than an hour ago'],
    ['Arguments', 'tasks/history', 'filters by root task, by errors, and by number'],
    ['CANCELLED', 'scheduler/propagation', 'is CANCELLED when a task was'],
  ],
  'sql-reference/functions/current_task_graphs': [
    ['The next run, within eight days', 'tasks/history', 'shows the next run of a resumed root within eight days'],
  ],
  'sql-reference/functions/task_dependents': [
    ['RECURSIVE', 'tasks/history', 'lists the task and all behind it, with the finalizer'],
    ['Columns', 'tasks/history', 'has the columns of the page'],
  ],
  'sql-reference/functions/serverless_task_history': [
    ['Columns, and rows by task and hour', 'tasks/serverless', 'tells credits by task and hour'],
    ['TASK_NAME', 'tasks/serverless', 'keeps to one task, named with or without its schema'],
    ['The range when none is given', 'tasks/serverless', 'goes back ten minutes from the beginning of the day'],
    ['ACCOUNTADMIN, and MONITOR USAGE without names', 'tasks/serverless', 'is for ACCOUNTADMIN, and for MONITOR USAGE'],
    ['Increments of an hour', 'scheduler/serverless-usage', 'is told in windows of an hour from the start of the range'],
  ],
  'sql-reference/account-usage/serverless_task_history': [['Columns', 'tasks/serverless', 'has a view of ACCOUNT_USAGE']],
  'sql-reference/account-usage/task_history': [
    ['Columns, order and types', 'tasks/usage-views', 'has the columns of its page, in their order and types'],
    ['What has ended alone', 'tasks/usage-views', 'has what has ended, not what is scheduled'],
    ['A year of it', 'tasks/usage-views', 'ACCOUNT_USAGE.TASK_HISTORY reaches back further'],
  ],
  'sql-reference/account-usage/complete_task_graphs': [
    ['Columns', 'tasks/usage-views', 'has the columns of the table function'],
    ['STATE and the first error', 'tasks/usage-views', 'tells of each graph how it ended and what failed first'],
  ],
  'sql-reference/account-usage/task_versions': [['Columns', 'tasks/history', 'ACCOUNT_USAGE has the versions of graphs']],
  'user-guide/tasks-errors-integrate': [
    [
      "Errors go through the root's integration",
      'tasks/notifications',
      'a failed child is told of through the integration of its root',
    ],
    ['Each failed attempt', 'tasks/notifications', 'each failed attempt is told of'],
  ],
  'user-guide/tasks-success-integrate': [
    ['Of graphs, not of standalone tasks', 'tasks/notifications', 'a standalone task that succeeds'],
  ],
  'user-guide/tasks-python-jvm': [
    ['Python in the body', 'tasks/python-bodies', 'reads configuration, predecessors and facts of its run'],
  ],
  'user-guide/streams-intro': [
    ['Offsets advance with committed DML alone', 'streams/streams', 'advances with DML alone'],
    ['Repeatable reads', 'streams/streams', 'is the same for all statements of a transaction'],
    ['The smallest set of changes', 'streams/change-properties', 'gives the difference between its offset and what is committed'],
    ['Streams on views', 'streams/streams', 'tracks the tables of a view'],
    ['Append-only streams on views', 'streams/stream-sources', 'joins what was inserted with what was there'],
    ['A dropped or replaced source', 'streams/streams', 'cannot be read when its table was dropped or replaced'],
  ],
  'sql-reference/sql/create-stream': [
    ['APPEND_ONLY', 'streams/streams', 'records inserts alone when it is append-only'],
    ['SHOW_INITIAL_ROWS', 'streams/streams', 'gives first the rows that were there'],
    ['AT and BEFORE', 'streams/streams', 'can be put to a time since when changes are recorded'],
    ['Who may make one', 'streams/streams', 'asks for privileges on its table'],
    [
      'ON STAGE: files that refreshes find and miss',
      'streams/stream-sources',
      'gives the files that refreshes have found and missed',
    ],
    ['ON STAGE: who may make and read one', 'streams/stream-sources', 'is made, and read, with READ on the stage'],
  ],
  'user-guide/dynamic-tables/streams-on-dts': [
    ['Net changes of refreshes', 'streams/stream-sources', 'gives what refreshes have changed, net, until it is consumed'],
    ['A refresh that changes no rows', 'streams/stream-sources', 'gives nothing when a refresh changes no rows'],
    ['Standard streams alone, ON DYNAMIC TABLE alone', 'streams/stream-sources', 'is refused: %s'],
    ['Not where refreshes are full', 'streams/stream-sources', 'is refused where refreshes are full'],
    ['Who may make one', 'streams/stream-sources', 'is listed as such, and asks for SELECT alone'],
  ],
  'sql-reference/functions/system_stream_has_data': [
    ['Until the data is consumed', 'streams/streams', 'says whether it has data, until that is consumed'],
  ],
};

export const taskRules: readonly TaskRule[] = [...Object.entries(pages), ...Object.entries(taskGraphObjectPages)].flatMap(
  ([page, rows]) => rows.map(([rule, file, test]) => ({ rule, page, file, test })),
);
