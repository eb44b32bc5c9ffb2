"""Runs models over many rows as jobs, with the Registry client and in SQL; prints what it saw as one JSON object."""

import contextlib
import io
import json
import logging
import os
import warnings

import numpy as np
import pandas as pd
import xgboost
from outcomes import error_of
from snowflake.ml.model import custom_model, model_signature
from snowflake.ml.model.batch_inference import (
    ColumnHandlingOptions,
    EngineOptions,
    FileEncoding,
    InferenceSpec,
    InputFormat,
    InputSpec,
    OutputSpec,
    ResourcesSpec,
    SaveMode,
)
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session

POOL = "BATCH_POOL"
STAGE = "@ML.BATCH.RESULTS/scores/"
X = pd.DataFrame({"A": np.linspace(0, 1, 40), "B": np.linspace(1, 0, 40) ** 2})
MODEL = xgboost.XGBClassifier(n_estimators=3).fit(X, X.A > 0.5)


class Moody(custom_model.CustomModel):
    """Raises for negative numbers."""

    @custom_model.inference_api
    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        if (frame["N"] < 0).any():
            raise ValueError("this model takes no negative numbers")
        return pd.DataFrame({"twice": frame["N"] * 2})


class Lengths(custom_model.CustomModel):
    """How long files are."""

    @custom_model.inference_api
    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"length": [len(content) for content in frame["FILE"]]})


class Totals(custom_model.CustomModel):
    """One row for each group of rows."""

    @custom_model.partitioned_api
    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"TOTAL": [float(frame["V"].sum())]})


def log_models(registry):
    quiet = {"version_name": "V1", "options": {"enable_explainability": False}}
    moody = model_signature.infer_signature(pd.DataFrame({"N": [1.5]}), pd.DataFrame({"twice": [3.0]}))
    lengths = model_signature.infer_signature(pd.DataFrame({"FILE": [b"x"]}), pd.DataFrame({"length": [1]}))
    sample = pd.DataFrame({"G": ["a"], "V": [1.0]})
    return (
        registry.log_model(MODEL, model_name="APPROVAL", sample_input_data=X, **quiet),
        registry.log_model(Moody(), model_name="MOODY", version_name="V1", signatures={"predict": moody}),
        registry.log_model(Lengths(), model_name="LENGTHS", version_name="V1", signatures={"predict": lengths}),
        registry.log_model(
            Totals(),
            model_name="TOTALS",
            version_name="V1",
            sample_input_data=sample,
            options={"function_type": "TABLE_FUNCTION"},
        ),
    )


def files_of(session, place):
    return sorted(row["name"].rpartition("/")[2] for row in session.sql(f"list {place}").collect())


def results(session, job_id):
    place = f"{STAGE}{job_id.rpartition('.')[2]}/"
    frame = session.read.option("pattern", ".*[.]parquet").parquet(place)
    return frame.to_pandas(), files_of(session, place)


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    for statement in (
        "create warehouse ML_WH",
        "create database ML",
        "create schema ML.BATCH",
        "create stage ML.BATCH.RESULTS",
        f"create compute pool {POOL} min_nodes = 1 max_nodes = 2 instance_family = CPU_X64_S",
    ):
        session.sql(statement).collect()
    session.use_warehouse("ML_WH")
    session.use_schema("ML.BATCH")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        approval, moody, lengths, totals = log_models(Registry(session, database_name="ML", schema_name="BATCH"))
        found = {
            "frame": of_frame(session, approval),
            "sql": in_sql(session),
            "partitioned": partitioned(session, totals),
            "files": of_files(session, lengths),
            "refused": refused(session, approval, moody),
        }
    print(json.dumps(found, default=str))
    session.close()


def of_frame(session, approval):
    frame = session.create_dataframe(X.assign(ID=range(len(X))))
    job = approval.run_batch(
        frame,
        compute_pool=POOL,
        output_spec=OutputSpec(stage_location=STAGE),
        inference_spec=InferenceSpec(max_batch_rows=10),
        resources_spec=ResourcesSpec(cpu_requests="1", memory_requests="1GiB"),
        function_name="predict",
        replicas=2,
    )
    status = job.wait()
    scored, files = results(session, job.id)
    scored = scored.sort_values("ID")
    return {
        "status": status,
        "right": bool((scored["output_feature_0"].to_numpy() == MODEL.predict(X)).all()),
        "columns": sorted(scored.columns),
        "files": files,
        "logs": ["rows scored with model ML.BATCH.APPROVAL version V1" in job.get_logs(instance_id=index) for index in (0, 1)],
        "input_left": files_of(session, f"{STAGE}_snowflake_temporary/"),
    }


def in_sql(session):
    session.create_dataframe(pd.DataFrame({"N": [1.0, 2.0, 3.0], "NOTE": ["x", "y", "z"]})).write.save_as_table("NUMBERS")
    statement = (
        f"execute inference job service in compute pool {POOL} with specification $$\n"
        f"output:\n  stage_location: '{STAGE}'\n  mode: {{mode}}\n$$\n"
        "from (select N, NOTE from NUMBERS where N > 1) model = MOODY version = V1 function = 'predict' "
        "name = NAMED_JOB async = false"
    )
    first = session.sql(statement.format(mode="error")).collect()[0][0]
    scored, _ = results(session, "ML.BATCH.NAMED_JOB")
    found = {"answer": first, "rows": scored.sort_values("N")[["N", "NOTE", "twice"]].to_numpy().tolist()}
    found["name_taken"] = error_of(lambda: session.sql(statement.format(mode="overwrite")).collect())
    session.sql("drop service NAMED_JOB").collect()
    found["has_files"] = error_of(lambda: session.sql(statement.format(mode="error")).collect())
    found["overwritten"] = session.sql(statement.format(mode="overwrite")).collect()[0][0]
    return found


def partitioned(session, totals):
    frame = session.create_dataframe(pd.DataFrame({"G": ["a", "b", "a"], "V": [1.0, 2.0, 3.0]}))
    job = totals.run_batch(
        frame,
        compute_pool=POOL,
        output_spec=OutputSpec(stage_location=STAGE),
        input_spec=InputSpec(partition_column="G"),
        replicas=2,
    )
    job.wait()
    scored, _ = results(session, job.id)
    return scored.sort_values("G")[["G", "TOTAL"]].to_numpy().tolist()


def of_files(session, lengths):
    session.sql("create stage ML.BATCH.FILES").collect()
    for name, text in (("one.txt", "1"), ("three.txt", "333")):
        session.file.put_stream(io.BytesIO(text.encode()), f"@ML.BATCH.FILES/{name}", auto_compress=False)
    frame = session.create_dataframe([["@ML.BATCH.FILES/one.txt"], ["@ML.BATCH.FILES/three.txt"]], schema=["FILE"])
    handling = ColumnHandlingOptions(input_format=InputFormat.FULL_STAGE_PATH, convert_to=FileEncoding.RAW_BYTES)
    job = lengths.run_batch(
        frame,
        compute_pool=POOL,
        output_spec=OutputSpec(stage_location=STAGE),
        input_spec=InputSpec(column_handling={"FILE": handling}),
    )
    job.wait()
    scored, _ = results(session, job.id)
    return scored.sort_values("FILE")[["FILE", "length"]].to_numpy().tolist()


def refused(session, approval, moody):
    def batch(model, frame, **more):
        options = {"compute_pool": POOL, "output_spec": OutputSpec(stage_location=STAGE, mode=SaveMode.ERROR), **more}
        return model.run_batch(session.create_dataframe(frame), **{"function_name": "predict", **options})

    wrong = batch(approval, pd.DataFrame({"A": [1.0]}))
    raising = batch(moody, pd.DataFrame({"N": [-1.0]}))
    found = {
        "wrong_schema": [wrong.wait(), wrong.get_logs()],
        "raising": [raising.wait(), "ValueError: this model takes no negative numbers" in raising.get_logs()],
        "no_success": files_of(session, f"{STAGE}{raising.id.rpartition('.')[2]}/"),
    }
    services = len(session.sql("show services in account").collect())
    frame = pd.DataFrame({"A": [1.0], "B": [1.0]})
    found["pool_missing"] = error_of(lambda: batch(approval, frame, compute_pool="NO_SUCH_POOL"))
    found["pool_too_small"] = error_of(lambda: batch(approval, frame, replicas=3))
    found["node_too_small"] = error_of(lambda: batch(approval, frame, resources_spec=ResourcesSpec(memory_requests="900GiB")))
    found["engine"] = error_of(
        lambda: batch(approval, frame, inference_spec=InferenceSpec(engine_options=EngineOptions(engine="vllm")))
    )
    source = "from (select 1 A, 1 B)"
    text = f"execute inference job service in compute pool {POOL} with specification 'output: {{stage_location: \"{STAGE}\"}}' "
    found["unknown_version"] = error_of(lambda: session.sql(f"{text} {source} model = APPROVAL version = V9").collect())
    found["unknown_method"] = error_of(
        lambda: session.sql(f"{text} {source} model = APPROVAL function = 'score'").collect()
    )
    found["no_output"] = error_of(
        lambda: session.sql(
            f"execute inference job service in compute pool {POOL} with specification '' {source} model = APPROVAL"
        ).collect()
    )
    found["no_service_left"] = len(session.sql("show services in account").collect()) == services
    found["input_left"] = files_of(session, f"{STAGE}_snowflake_temporary/")
    return found


main()
