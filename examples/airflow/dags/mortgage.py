"""The task graph on Snowflake as an Airflow DAG: one task starts a run, a sensor follows it without holding a worker slot."""

import os
from datetime import datetime, timedelta

from airflow.sdk import dag, get_current_context, task
from airflow.sdk.bases.sensor import PokeReturnValue
from airflow.sdk.exceptions import AirflowFailException

from task_graph import GraphRunError, TaskGraph

GRAPH = TaskGraph(os.environ.get("GRAPH_ROOT", "SNOWBANK.PIPELINE.PREPARE_DATA"), os.environ.get("GRAPH_CONNECTION", "local"))
PAUSE = float(os.environ.get("GRAPH_PAUSE", "10"))


@dag(
    schedule="0 5 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    params={"config": {}},
    doc_md='`config` of a run goes over the graph\'s own configuration, for example `{"threshold": 0.8}`.',
)
def mortgage_training():
    @task
    def start() -> str:
        return GRAPH.start(get_current_context()["params"]["config"])

    # Looking again does no harm, so a lost connection is no reason to fail.
    @task.sensor(poke_interval=PAUSE, timeout=timedelta(hours=6).total_seconds(), mode="reschedule", retries=3)
    def follow(run: str) -> PokeReturnValue:
        seen = GRAPH.look(run)
        print(seen.state, dict(seen.tasks))
        try:
            return PokeReturnValue(is_done=seen.check().ended, xcom_value=dict(seen.tasks))
        except GraphRunError as failure:
            raise AirflowFailException(str(failure)) from None

    follow(start())


mortgage_training()
