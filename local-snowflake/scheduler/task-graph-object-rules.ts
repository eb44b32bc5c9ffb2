/** Rules of one page: what it says, the test file, the test's title. */
export type RuleRows = readonly (readonly [rule: string, file: string, test: string])[];

/** What the pages of TASK GRAPH objects say, page by page. */
export const taskGraphObjectPages: Readonly<Record<string, RuleRows>> = {
  'user-guide/task-graph-object': [
    [
      'A graph is edited without a SUSPEND; changes run once they are committed',
      'tasks/task-graph-commit',
      'is what makes changes of the graph run, resumed or suspended',
    ],
    ['The same for its tasks', 'tasks/task-graph-commit', 'is what makes changes of member tasks run, without a SUSPEND'],
    ['Settings for the whole graph have one place', 'tasks/task-graph-commit', 'refuses %s'],
    ['Defaults of members', 'tasks/task-graph-runs', 'gives its members what TASK_DEFAULTS say, unless they say it themselves'],
    ['Any edits, any commits', 'tasks/task-graph-properties', 'what runs is what was committed last'],
    ['Committed and staged definitions are kept', 'tasks/task-graph-durable', 'goes on over a restart with what was committed'],
  ],
  'sql-reference/sql/create-task-graph': [
    ['Properties and how they are shown', 'tasks/task-graph-object', 'makes a suspended graph over tasks and shows its properties'],
    ['IF NOT EXISTS, OR REPLACE, OR ALTER', 'tasks/task-graph-object', 'takes IF NOT EXISTS, OR REPLACE, and OR ALTER'],
    ['One root; the tasks behind it by AFTER', 'tasks/task-graph-commit', 'takes the tasks behind the root, those of FINALIZE'],
    ['SCHEDULE', 'tasks/task-graph-runs', 'runs by its schedule, counted from RESUME, until it is suspended'],
    ['WHEN', 'tasks/task-graph-runs', 'runs when WHEN is met: streams start it, else it is skipped'],
    [
      'TASK_AUTO_RETRY_ATTEMPTS, SUSPEND_TASK_AFTER_NUM_FAILURES',
      'tasks/task-graph-runs',
      'retries as often as it says and is suspended when a task has failed so often',
    ],
  ],
  'sql-reference/sql/alter-task-graph': [
    ['SET and UNSET of properties', 'tasks/task-graph-object', 'sets and unsets properties, several with commas'],
    ['SET and UNSET TASK_DEFAULTS', 'tasks/task-graph-object', 'sets and unsets defaults of members one by one'],
    ['MODIFY WHEN, REMOVE WHEN', 'tasks/task-graph-object', 'changes and takes away the condition'],
    ['SET and UNSET TAG, CONTACT', 'tasks/task-graph-object', 'sets and unsets tags and contacts'],
    ['RESUME, SUSPEND, COMMIT', 'tasks/task-graph-object', 'RESUME and SUSPEND are for OPERATE, COMMIT is for the owner'],
  ],
  'sql-reference/sql/drop-task-graph': [
    ['Suspended; its tasks stay', 'tasks/task-graph-object', 'wants a suspended graph and leaves its tasks as ordinary ones'],
    [
      'A task of a committed version is neither dropped nor replaced',
      'tasks/task-graph-commit',
      'is neither dropped nor replaced before it was unlinked and that was committed',
    ],
  ],
  'sql-reference/sql/execute-task-graph': [
    ['The committed version runs', 'tasks/task-graph-runs', 'runs the committed version, also of a suspended graph'],
    ['USING CONFIG', 'tasks/task-graph-runs', "USING CONFIG is merged with the graph's CONFIG for this run"],
    ['RETRY LAST, RETRY GRAPH RUN GROUP', 'tasks/task-graph-runs', 'RETRY LAST and RETRY GRAPH RUN GROUP start from what failed'],
    ['Within 14 days', 'tasks/task-graph-durable', 'is not retried when its first attempt is more than 14 days old'],
    ['COMPLETE_TASK_GRAPHS by GRAPH_NAME', 'tasks/task-graph-runs', 'has no ROOT_TASK_NAME, and is found by GRAPH_NAME'],
  ],
  'sql-reference/sql/show-task-graphs': [['Filters', 'tasks/task-graph-object', 'takes its filters']],
  'sql-reference/sql/desc-task-graph': [
    ['The columns of SHOW', 'tasks/task-graph-object', 'makes a suspended graph over tasks and shows its properties'],
  ],
  'sql-reference/sql/show-committed-tasks': [
    ['What runs, beside SHOW TASKS', 'tasks/task-graph-commit', 'are the definitions that run, SHOW TASKS has the latest'],
    ['IN GRAPH and the other filters', 'tasks/task-graph-commit', 'are listed by graph, by container, and by name'],
  ],
  'sql-reference/sql/desc-committed-task': [
    ['No rows for others', 'tasks/task-graph-commit', 'DESCRIBE of a task that is in no committed version has no rows'],
  ],
  'sql-reference/functions/task_graph_changes': [
    ['Added, removed and changed', 'tasks/task-graph-commit', 'tells what a COMMIT would change, added, removed and changed'],
    ['A graph that was committed', 'tasks/task-graph-commit', 'fails for a graph that was never committed'],
    ['Who sees what', 'tasks/task-graph-commit', 'leaves out tasks that the role may not see'],
  ],
  'sql-reference/account-usage/complete_task_graphs': [
    ['No root name for TASK GRAPHs', 'tasks/task-graph-runs', 'has no ROOT_TASK_NAME, and is found by GRAPH_NAME'],
  ],
};
