"""What snowflake.core knows of task graphs besides deploying and dropping them: every option of a graph and a task, what a task
learns of its run, how graphs are deployed over others, and single tasks of them. Prints what it saw as one JSON object.
"""

import json
import os
import time
import warnings
from datetime import timedelta

from snowflake.core import CreateMode, Root
from snowflake.core.exceptions import ConflictError
from snowflake.core.task import Cron, OverlapPolicy, Task
from snowflake.core.task.context import TaskContext
from snowflake.core.task.dagv1 import DAG, DAGOperation, DAGTask
from snowflake.snowpark import Session

PARAMETERS = json.loads(os.environ["CONNECTION"])


def tell(session: Session) -> None:
    """Everything that a task may ask of its run, as its return value."""
    context = TaskContext(session)
    told = {
        "task": context.get_current_task_name(),
        "short": context.get_current_task_short_name(),
        "root": context.get_current_root_task_name(),
        "root_uuid": context.get_current_root_task_uuid(),
        "group": context.get_current_task_graph_run_group_id(),
        "original": context.get_current_task_graph_original_schedule().isoformat(),
        "last_group": context.get_last_successful_task_graph_run_group_id(),
        "last": str(context.get_last_successful_task_graph_original_schedule()),
        "info": context.get_runtime_info("CURRENT_TASK_NAME"),
        "config": context.get_task_graph_config(),
        "property": context.get_task_graph_config_property("most"),
        "before": context.get_predecessor_return_value("first"),
    }
    context.set_return_value(json.dumps(told))


def raised(work, kind=Exception):
    try:
        work()
    except kind as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return None


def settled(operation, dag, runs):
    """The ended runs, newest first, once there are as many as `runs` and none is under way."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        done = operation.get_complete_dag_runs(dag, error_only=False)
        if len(done) >= runs and not operation.get_current_dag_runs(dag):
            return done
        time.sleep(0.2)
    raise TimeoutError(f"{dag} did not end")


def context_of_a_run(session, schema):
    operation = DAGOperation(schema)
    with DAG("telling", warehouse="wh", stage_location="@code", packages=["snowflake-snowpark-python"], config={"most": 7}) as dag:
        first = DAGTask("first", "call system$set_return_value('from first')")
        first >> DAGTask("second", tell)
    operation.deploy(dag)
    operation.run(dag)
    settled(operation, dag, 1)
    operation.run(dag)
    runs = settled(operation, dag, 2)
    rows = session.sql(
        "select return_value, graph_run_group_id, root_task_id from table(information_schema.task_history("
        "task_name => 'telling$second')) order by scheduled_time"
    ).collect()
    first_run, second_run = (json.loads(row[0]) for row in rows)
    found = {key: second_run[key] for key in ("task", "short", "root", "info", "config", "property", "before")}
    found["ids"] = [second_run["group"] == rows[1][1], second_run["root_uuid"] == rows[1][2], second_run["last_group"] == rows[0][1]]
    found["times"] = [second_run["last"] == first_run["original"].replace("T", " "), first_run["last"], first_run["last_group"]]
    run = runs[0]
    found["run"] = [run.dag_name, run.database_name, run.schema_name, run.state, run.graph_version, run.first_error_code]
    found["run_times"] = [run.run_id == int(run.scheduled_time.timestamp() * 1000), run.query_start_time >= run.scheduled_time]
    operation.drop(dag, drop_finalizer=True)
    return found


def every_option(schema):
    operation = DAGOperation(schema)
    options = {
        "schedule": Cron("15 3 * * MON", "Europe/Zurich"),
        "warehouse": "wh",
        "comment": "it's the graph",
        "task_auto_retry_attempts": 2,
        "overlap_policy": OverlapPolicy.ALLOW_ALL_OVERLAP,
        "user_task_timeout_ms": 60_000,
        "suspend_task_after_num_failures": 4,
        "config": {"a": 1, "b": "x", "c": True},
        "session_parameters": {"TIMEZONE": "UTC"},
        "condition": "1 = 1",
    }
    with DAG("full", **options) as dag:
        a = DAGTask("a", "select 1", comment="first", user_task_timeout_ms=5_000, session_parameters={"WEEK_START": 1})
        b = DAGTask("b", "select 2", is_serverless=True, serverless_task_min_statement_size="SMALL", serverless_task_max_statement_size="LARGE", target_completion_interval=timedelta(minutes=10))
        c = DAGTask("c", "select 3", condition="system$get_predecessor_return_value('FULL$A') is not null", execute_as_user="robot")
        last = DAGTask("last", "select 4", is_finalizer=True)
    a.add_successors([b, c])
    c.add_predecessors(b)
    found = {
        "policy": [str(dag.effective_overlap_policy), dag.get_task("a").full_name, dag.get_task("none"), dag.get_finalizer_task().name],
        "predecessors": sorted(task.name for task in c.predecessors),
        "refused": [raised(lambda: last.add_predecessors(a)), raised(lambda: a.add_predecessors(last))],
    }
    operation.deploy(dag)
    tasks = {name: schema.tasks[f"full{name}"].fetch() for name in ("", "$a", "$b", "$c", "$last")}
    root, task_a, task_b, task_c = (tasks[name] for name in ("", "$a", "$b", "$c"))
    found["root"] = [list(root.schedule), root.comment, root.task_auto_retry_attempts, str(root.overlap_policy), root.user_task_timeout_ms]
    found["root"] += [root.suspend_task_after_num_failures, root.config, root.session_parameters["TIMEZONE"], root.condition, root.state]
    found["a"] = [task_a.comment, task_a.user_task_timeout_ms, task_a.session_parameters["WEEK_START"], task_a.warehouse]
    found["b"] = [task_b.warehouse, task_b.serverless_task_min_statement_size, task_b.serverless_task_max_statement_size, str(task_b.target_completion_interval)]
    found["c"] = [sorted(task_c.predecessors), task_c.condition, task_c.execute_as_user]
    found["last"] = tasks["$last"].finalize
    operation.drop(dag, drop_finalizer=True)
    return found


def deployed_over_another(schema):
    operation = DAGOperation(schema)

    def graph(body):
        with DAG("over", warehouse="wh") as dag:
            DAGTask("x", body)
            DAGTask("end", body, is_finalizer=True)
        return dag

    operation.deploy(graph("select 1"))
    one = schema.tasks["over$x"].fetch()
    found = {
        "refused": raised(lambda: operation.deploy(graph("select 2")), ConflictError),
        "untouched": schema.tasks["over$x"].fetch().id == one.id,
    }
    operation.deploy(graph("select 3"), mode=CreateMode.or_replace)
    other = schema.tasks["over$x"].fetch()
    found["replaced"] = [other.definition, other.id == one.id, other.state]
    found["listed"] = [operation.iter_dags(like="ov%"), operation.iter_dags(like="none%")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        operation.drop("over")
        found["left"] = [task.name for task in schema.tasks.iter()]
        operation.drop("over$end")
    found["gone"] = [[task.name for task in schema.tasks.iter()], raised(lambda: operation.drop("over", drop_finalizer=True))]
    with DAG("round", warehouse="wh") as cyclic:
        p, q = DAGTask("p", "select 1"), DAGTask("q", "select 1")
        p >> q >> p
    found["cycle"] = raised(lambda: operation.deploy(cyclic))
    operation.drop("round", drop_finalizer=True)
    return found


def single_tasks(schema):
    tasks = schema.tasks
    root = tasks.create(Task("one", "select 1", warehouse="wh", schedule=timedelta(hours=1)))
    tasks.create(Task("two", "select 2", warehouse="wh", predecessors=["one"]))
    tasks.create(Task('"Three!"', "select 3", warehouse="wh", predecessors=["one"]))
    # These are what the client has been asked for before, under that name.
    found = {"known": sorted(tasks.keys()), "same": tasks["one"] is tasks["one"]}
    found["filtered"] = [[task.name for task in tasks.iter(**how)] for how in ({"like": "t%"}, {"starts_with": "T"}, {"root_only": True}, {"limit": 1}, {"limit": 2, "from_name": "TWO"})]
    tasks['"Three!"'].resume()
    tasks["two"].resume()
    root.resume()
    found["resumed"] = [task.state for task in tasks.iter()]
    found["due"] = [run.state for run in root.get_current_graphs()]
    root.suspend()
    root.execute_async().result()
    deadline = time.monotonic() + 60
    while not root.get_complete_graphs(error_only=False) and time.monotonic() < deadline:
        time.sleep(0.2)
    found["ended"] = [run.state for run in root.get_complete_graphs(error_only=False)]
    found["errors"] = len(root.get_complete_graphs(error_only=True))
    found["dependents"] = sorted(task.name for task in root.fetch_task_dependents())
    for name in ('"Three!"', "two", "one"):
        tasks[name].drop()
    found["dropped"] = [[task.name for task in tasks.iter()], raised(lambda: tasks["one"].drop()), raised(lambda: tasks["one"].drop(if_exists=True))]
    return found


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in (
        "create warehouse if not exists wh",
        "create database graphs",
        "create schema graphs.s",
        "create stage graphs.s.code",
        "create user robot",
        "grant role accountadmin to user robot",
        "grant impersonate on user robot to role accountadmin",
    ):
        session.sql(statement).collect()
    session.use_schema("graphs.s")
    session.use_warehouse("wh")
    schema = Root(session).databases["graphs"].schemas["s"]
    found = {
        "single": single_tasks(schema),
        "options": every_option(schema),
        "over": deployed_over_another(schema),
        "context": context_of_a_run(session, schema),
    }
    print(json.dumps(found))
    session.close()


main()
