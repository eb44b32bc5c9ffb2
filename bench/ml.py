"""The stages of the life-cycle through Snowflake's own clients, CONNECTION from the environment.

Prints one JSON object: what was measured, in seconds, and requests a second.
"""

import contextlib
import json
import logging
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

from ml_data import FEATURE_SQL, FEATURES, ROWS, columns, model, seconds
from ml_load import load
from snowflake.ml import jobs
from snowflake.ml.feature_store import CreationMode, Entity, FeatureStore, FeatureView
from snowflake.ml.model import task
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session

SETUP = (
    "create warehouse WH",
    "create database ML",
    "create schema ML.REGISTRY",
    "create schema ML.DATA",
    "create compute pool POOL min_nodes = 1 max_nodes = 2 instance_family = CPU_X64_S",
    f"create table LOANS as select {columns('N')} from (select (row_number() over (order by 1) - 1)::number(9, 0) as N "
    f"from table(generator(rowcount => {ROWS})))",
)


def main():
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    for statement in SETUP:
        session.sql(statement).collect()
    found = {}
    found["feature store set-up"], store, view = feature_store(session)
    spine = session.table("ML.DATA.LOANS").select("ID", "APPLIED", "DENIED")
    held = []
    found["dataset of 1,000,000 rows"] = seconds(
        lambda: held.append(
            store.generate_dataset("LOANS_SET", spine, [view], spine_timestamp_col="APPLIED", spine_label_cols=["DENIED"])
        )
    )
    found["dataset of 1,000,000 rows to pandas"] = seconds(lambda: held.append(held[0].read.to_pandas()))
    assert len(held[1]) == ROWS
    found["job submit to start"] = submit_to_start(session)
    registry = Registry(session, database_name="ML", schema_name="REGISTRY")
    found["log_model"] = seconds(lambda: held.append(log(registry, session)))
    found["batch scoring of 1,000,000 rows"] = batch_scoring(session)
    found.update(serving(session, held[2]))
    session.close()
    return found


def feature_store(session):
    begin = time.perf_counter()
    store = FeatureStore(session, "ML", "FEATURES", default_warehouse="WH", creation_mode=CreationMode.CREATE_IF_NOT_EXIST)
    loan = Entity("LOAN", ["ID"])
    store.register_entity(loan)
    features = session.sql(f"select ID, APPLIED, {FEATURE_SQL} from ML.DATA.LOANS")
    view = store.register_feature_view(
        FeatureView("LOAN_FEATURES", [loan], features, timestamp_col="APPLIED", refresh_freq="1 day"), "V1"
    )
    return time.perf_counter() - begin, store, view


def submit_to_start(session):
    """From the call to the first line of the job's code, in the middle of five; the pool has a node that runs already."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "job.py"
        file.write_text("import time\n__return__ = time.time()\n")
        session.use_schema("ML.DATA")
        for _ in range(6):
            begin = time.time()
            job = jobs.submit_file(str(file), "POOL", stage_name="JOBS", session=session)
            times.append(job.result() - begin)
    # The first warms the pool up and makes the stage.
    return sorted(times[1:])[2]


def log(registry, session):
    return registry.log_model(
        model(),
        model_name="LOAN_MODEL",
        version_name="V1",
        sample_input_data=session.table("ML.FEATURES.LOAN_FEATURES$V1").select(*FEATURES).limit(100),
        task=task.Task.TABULAR_BINARY_CLASSIFICATION,
        options={"enable_explainability": False},
    )


def batch_scoring(session):
    session.use_schema("ML.REGISTRY")
    scores = (
        f"create or replace table SCORES as select ID, LOAN_MODEL!PREDICT_PROBA({', '.join(FEATURES)}):output_feature_1::float as P "
        'from ML.FEATURES."LOAN_FEATURES$V1"'
    )
    # A warehouse that has the model loaded, as a scheduled scoring finds it.
    session.sql(scores.replace("from ML", "from (select * from ML") + " limit 1)").collect()
    taken = seconds(lambda: session.sql(scores).collect())
    assert session.table("SCORES").count() == ROWS
    return taken


def serving(session, version):
    version.create_service(service_name="LOAN_SERVICE", service_compute_pool="POOL", ingress_enabled=True, max_instances=1)
    url = session.sql("show endpoints in service LOAN_SERVICE").collect()[0]["ingress_url"]
    row = {"dataframe_records": [dict.fromkeys(FEATURES, 0.5)]}
    host, _, path = url.partition("/")
    return load(
        host,
        f"/{path}/predict-proba".replace("//", "/"),
        json.dumps(row),
        {"Authorization": f'Snowflake Token="{session.connection.rest.token}"'},
    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with contextlib.redirect_stdout(sys.stderr):
        measured = main()
    print(json.dumps(measured))
