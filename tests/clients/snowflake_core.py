"""Deploys, runs, lists and drops a task graph with the real snowflake.core, and prints what it saw as one JSON object."""

import json
import os
import time
from datetime import timedelta

from core_support import failed
from snowflake.core import CreateMode, Root
from snowflake.core.exceptions import ConflictError, NotFoundError
from snowflake.core.task.context import TaskContext
from snowflake.core.task.dagv1 import DAG, DAGOperation, DAGTask, DAGTaskBranch
from snowflake.snowpark import Session

PARAMETERS = json.loads(os.environ["CONNECTION"])


def count_rows(session: Session) -> str:
    context = TaskContext(session)
    table = context.get_task_graph_config()["source"]
    return str(session.table(table).count())


def choose(session: Session) -> str:
    return "large" if int(TaskContext(session).get_predecessor_return_value("count_rows")) > 2 else "small"


def large(session: Session) -> None:
    context = TaskContext(session)
    session.sql(f"insert into outcome select 'large', '{context.get_current_task_short_name()}'").collect()


def small(session: Session) -> None:
    session.sql("insert into outcome select 'small', ''").collect()


def graph(name, **options):
    with DAG(
        name,
        warehouse="wh",
        stage_location="@code",
        packages=["snowflake-snowpark-python"],
        use_func_return_value=True,
        config={"source": "numbers", "quote": 'it\'s \\ "here"'},
        **options,
    ) as dag:
        prepare = DAGTask("prepare", "insert into numbers select 3")
        counting = DAGTask("count_rows", count_rows)
        branch = DAGTaskBranch("choose", choose)
        big = DAGTask("large", large)
        little = DAGTask("small", small)
        DAGTask("clean_up", "insert into outcome select 'finalizer', 'x;y'", is_finalizer=True)
        prepare >> counting >> branch >> [big, little]
    return dag


def wait_for(operation, dag, runs=1):
    """The newest run, once as many as `runs` have ended and none is under way."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        done = operation.get_complete_dag_runs(dag, error_only=False)
        if len(done) >= runs and not operation.get_current_dag_runs(dag):
            return done[0]
        time.sleep(0.2)
    raise TimeoutError(f"{dag} did not end")


def history(session):
    rows = session.sql(
        "select name, state, return_value from table(information_schema.task_history()) where state <> 'SCHEDULED'"
    ).collect()
    return {row[0]: [row[1], row[2]] for row in rows}


def main():
    session = Session.builder.configs(PARAMETERS).create()
    for statement in ("create warehouse wh", "create database db", "create schema db.s", "create stage db.s.code"):
        session.sql(statement).collect()
    session.use_schema("db.s")
    session.use_warehouse("wh")
    session.sql("create table numbers as select 1 as n union all select 2").collect()
    session.sql("create table outcome (what varchar, task varchar)").collect()
    tasks = Root(session).databases["db"].schemas["s"].tasks
    operation = DAGOperation(Root(session).databases["db"].schemas["s"])
    found = {}

    dag = graph("demo")
    operation.deploy(dag)
    found["listed"] = sorted(task.name for task in tasks.iter())
    found["graphs"] = operation.iter_dags(like="d%")
    dependents = [task.name for task in tasks["demo"].fetch_task_dependents()]
    found["dependents"] = [dependents[0], sorted(dependents) == found["listed"]]
    found["direct"] = [task.name for task in tasks["demo"].fetch_task_dependents(recursive=False)]
    operation.run(dag)
    found["running"] = [run.state for run in operation.get_current_dag_runs(dag)]
    run = wait_for(operation, dag)
    found["run"] = [run.dag_name, run.database_name, run.schema_name, run.state, run.first_error_task_name]
    found["history"] = history(session)
    found["outcome"] = sorted(list(row) for row in session.table("outcome").collect())
    root = tasks["demo"].fetch()
    found["root"] = [root.state, root.config, root.definition, root.schedule, root.warehouse, root.task_relations]
    child = tasks["demo$large"].fetch()
    found["child"] = [child.predecessors, child.condition, child.state, child.finalize]
    found["finalizer"] = tasks["demo$clean_up"].fetch().finalize

    found["conflict"] = failed(lambda: operation.deploy(dag), ConflictError)
    operation.deploy(graph("demo", schedule=timedelta(minutes=90, seconds=30)), mode=CreateMode.or_replace)
    found["scheduled"] = [str(tasks["demo"].fetch().schedule), tasks["demo"].fetch().state]
    found["next"] = [run.state for run in operation.get_current_dag_runs("demo")]
    found["child_of_running"] = failed(lambda: tasks["demo$large"].suspend())
    operation.drop("demo", drop_finalizer=True)
    found["dropped"] = [task.name for task in tasks.iter()]
    found["missing"] = failed(lambda: tasks["demo"].fetch(), NotFoundError)
    found["missing_schema"] = failed(lambda: list(Root(session).databases["db"].schemas["nope"].tasks.iter()), NotFoundError)

    with DAG("broken", warehouse="wh", stage_location="@code") as broken:
        DAGTask("fails", "select 1/0")
    operation.deploy(broken)
    operation.run(broken)
    run = wait_for(operation, broken)
    found["broken"] = [run.state, run.first_error_task_name, run.first_error_code, run.first_error_message]
    operation.run(broken, retry_last=True)
    wait_for(operation, broken, 2)
    found["errors"] = [run.state for run in operation.get_complete_dag_runs(broken)]
    found["absent"] = failed(lambda: operation.run("absent"), NotFoundError)
    print(json.dumps(found))
    session.close()


main()
