import type { GraphTask, TaskGraph } from '../graph/task-graph.ts';
import type { GraphRun } from '../run/graph-run.ts';
import { errorLine } from '../terminal/printable.ts';
import type { AccountFacts, Grant, Warehouse } from './account-facts.ts';
import { examineServices } from './examine-services.ts';
import { ok, problem, warning, type Finding } from './finding.ts';
import { holds } from './holds.ts';

/** Reasons that SHOW TASKS gives for a suspension. https://docs.snowflake.com/en/sql-reference/sql/show-tasks */
const suspensionReasons: Readonly<Record<string, string>> = {
  USER_SUSPENDED: 'by ALTER TASK … SUSPEND',
  SUSPENDED_DUE_TO_ERRORS: 'by Snowflake, after too many failures in a row',
  GRANT_OWNERSHIP: 'because its ownership was transferred',
  CHILD_BECAME_ROOT: 'because it lost its predecessors',
  FINALIZER_BECAME_ROOT: 'because it lost the root it finalized',
  SCHEMA_OR_DATABASE_DELETED: 'because its schema or database was dropped',
  MATCHING_OWNER_NOT_FOUND: 'because its owner role is missing after replication',
};

const reasonOf = (task: GraphTask): string => {
  if (task.suspendedReason === null) return '';
  return ` ${suspensionReasons[task.suspendedReason] ?? `(${task.suspendedReason})`}`;
};

const examineTasks = (graph: TaskGraph, again: string): readonly Finding[] => {
  const root = graph.tasks.find((task) => task.role === 'root');
  const findings: Finding[] = [];
  if (root === undefined) return findings;
  const starts = root.schedule !== null || (root.condition ?? '').toUpperCase().includes('SYSTEM$STREAM_HAS_DATA');
  if (!starts) findings.push(ok(`The root ${root.name} has no schedule: runs start by hand (pipeline run${again}).`));
  else if (root.suspended) {
    findings.push(
      problem(`The root ${root.name} is suspended${reasonOf(root)}: its schedule starts no run.`, `pipeline resume${again}`),
    );
  } else findings.push(ok(`The root ${root.name} is started${root.schedule === null ? '' : `; its schedule: ${root.schedule}`}.`));
  for (const task of graph.tasks) {
    if (!task.suspended || task === root) continue;
    const effect =
      task.role === 'finalizer' ? 'nothing is cleaned up after a run' : 'runs leave it out and go on as if it had succeeded';
    findings.push(warning(`${task.name} is suspended${reasonOf(task)}: ${effect}.`, `pipeline resume ${task.name}${again}`));
  }
  if (graph.tasks.every((task) => !task.suspended || task === root)) findings.push(ok('All other tasks are started.'));
  return findings;
};

// https://docs.snowflake.com/en/user-guide/security-access-control-privileges
const examineGrants = (graph: TaskGraph, grants: readonly Grant[]): readonly Finding[] => {
  const { owner } = graph;
  const findings: Finding[] = [];
  const require = (held: boolean, what: string, statement: string): void => {
    findings.push(
      held
        ? ok(`${owner} has ${what}.`)
        : problem(`${owner}, which owns the tasks, lacks ${what}: the tasks cannot run.`, `GRANT ${statement} TO ROLE ${owner};`),
    );
  };
  require(holds(grants, 'ACCOUNT', undefined, 'EXECUTE TASK'), 'EXECUTE TASK', 'EXECUTE TASK ON ACCOUNT');
  if (graph.tasks.some((task) => task.warehouse === null)) {
    require(holds(grants, 'ACCOUNT', undefined, 'EXECUTE MANAGED TASK'), 'EXECUTE MANAGED TASK', 'EXECUTE MANAGED TASK ON ACCOUNT');
  }
  for (const warehouse of new Set(graph.tasks.flatMap((task) => task.warehouse ?? []))) {
    require(holds(
      grants,
      'WAREHOUSE',
      warehouse,
      'USAGE',
      'OWNERSHIP',
    ), `USAGE on warehouse ${warehouse}`, `USAGE ON WAREHOUSE ${warehouse}`);
  }
  const { database, schema } = graph.root;
  require(holds(
    grants,
    'DATABASE',
    database,
    'USAGE',
    'OWNERSHIP',
  ), `USAGE on database ${database}`, `USAGE ON DATABASE ${database}`);
  require(holds(
    grants,
    'SCHEMA',
    schema,
    'USAGE',
    'OWNERSHIP',
  ), `USAGE on schema ${schema}`, `USAGE ON SCHEMA ${database}.${schema}`);
  return findings;
};

/** The user of EXECUTE AS USER. https://docs.snowflake.com/en/user-guide/tasks-intro (Run tasks with user privileges) */
const examineUsers = (
  graph: TaskGraph,
  grants: readonly Grant[],
  ownerUsers: readonly string[] | undefined,
): readonly Finding[] => {
  const { owner } = graph;
  return [...new Set(graph.tasks.flatMap((task) => task.executeAsUser ?? []))].flatMap((user) => {
    const what = `Tasks run as user ${user}`;
    if (!holds(grants, 'USER', user, 'IMPERSONATE', 'OWNERSHIP')) {
      const statement = `GRANT IMPERSONATE ON USER ${user} TO ROLE ${owner};`;
      return problem(`${what}, but ${owner}, which owns them, lacks IMPERSONATE on that user: they cannot run.`, statement);
    }
    if (ownerUsers?.includes(user) === false)
      return problem(
        `${what}, who does not have their owner role ${owner}: they cannot run.`,
        `GRANT ROLE ${owner} TO USER ${user};`,
      );
    return ok(`${what}, whom ${owner} may impersonate.`);
  });
};

/** https://docs.snowflake.com/en/sql-reference/sql/create-warehouse (AUTO_RESUME) */
const examineWarehouses = (graph: TaskGraph, warehouses: readonly Warehouse[]): readonly Finding[] => {
  const used = new Set(graph.tasks.flatMap((task) => task.warehouse ?? []));
  return warehouses
    .filter(({ name, state, autoResume }) => used.has(name) && state.toUpperCase() === 'SUSPENDED' && !autoResume)
    .map(({ name }) =>
      problem(
        `Warehouse ${name} is suspended and does not resume by itself: tasks on it fail.`,
        `ALTER WAREHOUSE ${name} SET AUTO_RESUME = TRUE;`,
      ),
    );
};

const examineRuns = (runs: readonly GraphRun[] | undefined, again: string): readonly Finding[] => {
  if (runs === undefined)
    return [
      warning(
        'The warehouse of this connection does not run: the last runs cannot be read.',
        'Name one that does in the connection (warehouse = "…"), or set SNOWFLAKE_WAREHOUSE.',
      ),
    ];
  const ended = runs.filter((run) => run.state === 'SUCCEEDED' || run.state === 'FAILED' || run.state === 'CANCELLED');
  const executing = runs.find((run) => run.state === 'EXECUTING');
  const findings: Finding[] = [];
  if (executing !== undefined)
    findings.push(ok(`Run ${executing.group.slice(0, 8)} is under way: another starts when it has ended.`));
  const [last] = ended;
  if (last === undefined) return [...findings, warning('No run has ended in the last seven days.', `pipeline run${again}`)];
  if (last.state === 'SUCCEEDED') return [...findings, ok('The last run SUCCEEDED.')];
  const failures = ended.findIndex((run) => run.state === 'SUCCEEDED');
  const times = failures < 0 ? ended.length : failures;
  const cause =
    last.firstErrorTask === null ? '' : `: ${last.firstErrorTask} with ${errorLine(last.firstErrorMessage ?? 'no message')}`;
  const wayOut = last.firstErrorTask === null ? `pipeline watch${again}` : `pipeline logs ${last.firstErrorTask}${again}`;
  return [
    ...findings,
    warning(`The last ${times === 1 ? 'run' : `${times} runs`} did not succeed; the last ${last.state}${cause}`, wayOut),
  ];
};

/** Everything that could keep the graph from running, judged from what was read (`runs` where they could be); `again` are options for the advice. */
export const examine = (
  graph: TaskGraph,
  facts: AccountFacts,
  runs: readonly GraphRun[] | undefined,
  again: string,
): readonly Finding[] => {
  const grants = facts.ownerGrants;
  return [
    ...examineTasks(graph, again),
    ...(graph.owner === ''
      ? [problem('The tasks have no owner role.', 'GRANT OWNERSHIP ON ALL TASKS IN SCHEMA … TO ROLE …;')]
      : []),
    ...(grants === undefined
      ? [
          warning(
            `The grants of ${graph.owner} cannot be seen with the role of this connection: not checked.`,
            'Connect with a role that may: ACCOUNTADMIN or SECURITYADMIN.',
          ),
        ]
      : [
          ...(graph.owner === 'ACCOUNTADMIN' ? [] : examineGrants(graph, grants)),
          ...examineUsers(graph, grants, facts.ownerUsers),
          ...examineWarehouses(graph, facts.warehouses ?? []),
          ...examineServices(facts, grants),
        ]),
    ...examineRuns(runs, again),
  ];
};
