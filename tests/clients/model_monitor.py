"""Drives the real model monitor client of snowflake-ml-python and compares what the metric functions say with scikit-learn,
scipy and numpy; prints what it found as one JSON object.
"""

import contextlib
import io
import json
import logging
import os
import sys
import warnings

import monitor_data
import monitor_metrics
import pandas as pd
from outcomes import error_of
from snowflake.ml.model import custom_model, task
from snowflake.ml.monitoring.entities.model_monitor_config import ModelMonitorConfig, ModelMonitorSourceConfig
from snowflake.ml.registry import Registry
from snowflake.snowpark import Session


class Species(custom_model.CustomModel):
    """A model of three classes that no framework knows."""

    @custom_model.inference_api
    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"SPECIES": ["a" if x < 0.3 else "b" if x < 0.6 else "c" for x in rows["X"]]})


def log(registry, model, name, kind, sample):
    """Logs version V1; the client's progress bars go nowhere."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return registry.log_model(
            model,
            model_name=name,
            version_name="V1",
            sample_input_data=sample,
            task=kind,
            options={"enable_explainability": False},
            conda_dependencies=["pandas"] if isinstance(model, Species) else None,
        )


def monitors(registry, versions):
    """A monitor of each model, as the client makes it."""
    common = {"timestamp_column": "TS", "id_columns": ["ID"], "segment_columns": ["REGION"]}
    sources = {
        "DENIAL": {"prediction_score_columns": ["P"], "prediction_class_columns": ["C"], "actual_class_columns": ["TRUTH"]},
        "PRICE": {"prediction_score_columns": ["P"], "actual_score_columns": ["TRUTH"], "custom_metric_columns": ["X"]},
        "SPECIES": {"prediction_class_columns": ["C"], "actual_class_columns": ["TRUTH"]},
    }
    made = {}
    for name, columns in sources.items():
        source = ModelMonitorSourceConfig(source=f"{name}_LOG", baseline=f"{name}_BASELINE", **common, **columns)
        config = ModelMonitorConfig(versions[name], "predict", "ML_WH", refresh_interval="30 minutes")
        made[name] = registry.add_monitor(f"{name}_MONITOR", source, config)
    return made


def refused(registry, version, unknown):
    """What the client, or the account behind it, makes of bad input."""

    def add(name="OTHER", model=version, function="predict", warehouse="ML_WH", **more):
        columns = {"source": "DENIAL_LOG", "timestamp_column": "TS", "id_columns": ["ID"], "prediction_score_columns": ["P"]}
        return lambda: registry.add_monitor(
            name, ModelMonitorSourceConfig(**{**columns, **more}), ModelMonitorConfig(model, function, warehouse)
        )

    return {
        "second": error_of(add()),
        "function": error_of(add(function="explain")),
        "warehouse": error_of(add(warehouse="NO_WH")),
        "source": error_of(add(source="NOWHERE")),
        "column": error_of(add(prediction_score_columns=["NOTHING"])),
        "task": error_of(add(model=unknown)),
        "missing": error_of(lambda: registry.get_monitor(name="NOBODY")),
        "unmonitored": error_of(lambda: registry.get_monitor(model_version=unknown)),
        "metric_table": error_of(add(timestamp_custom_metric_table="DENIAL_LOG")),
    }


def lifecycle(session, registry, version):
    """Finding, suspending, segmenting and deleting a monitor."""

    def shown(column):
        (row,) = session.sql("describe model monitor DENIAL_MONITOR").collect()
        return row[column]

    monitor = registry.get_monitor(name="DENIAL_MONITOR")
    same = registry.get_monitor(model_version=version)
    found = {"names": [str(monitor.name), str(same.name)]}
    monitor.suspend()
    found["suspended"] = shown("monitor_state")
    monitor.resume()
    found["resumed"] = shown("monitor_state")
    monitor.add_segment_column("COLOUR")
    monitor.add_custom_metric_column("N")
    columns = json.loads(shown("columns"))
    found["added"] = [columns["segment_columns"], columns["custom_metric_columns"]]
    monitor.drop_segment_column("COLOUR")
    monitor.drop_custom_metric_column("N")
    columns = json.loads(shown("columns"))
    found["dropped"] = [columns["segment_columns"], columns["custom_metric_columns"]]
    found["shown"] = sorted([row["name"], row["model_task"], row["refresh_interval"]] for row in registry.show_model_monitors())
    registry.delete_monitor("DENIAL_MONITOR")
    found["deleted"] = error_of(lambda: registry.get_monitor(name="DENIAL_MONITOR"))
    found["left"] = len(registry.show_model_monitors())
    return found


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    session = Session.builder.configs(json.loads(os.environ["CONNECTION"])).create()
    for statement in ("create warehouse ML_WH", "create database ML", "create schema ML.MON"):
        session.sql(statement).collect()
    session.use_warehouse("ML_WH")
    session.use_schema("ML.MON")
    registry = Registry(session, database_name="ML", schema_name="MON", options={"enable_monitoring": True})
    data = monitor_data.everything()
    sample = data["DENIAL"].rows[["X", "N"]].head(20)
    versions = {
        "DENIAL": log(registry, data["DENIAL"].model, "DENIAL", task.Task.TABULAR_BINARY_CLASSIFICATION, sample),
        "PRICE": log(registry, data["PRICE"].model, "PRICE", task.Task.TABULAR_REGRESSION, sample),
        "SPECIES": log(registry, Species(), "SPECIES", task.Task.TABULAR_MULTI_CLASSIFICATION, sample[["X"]]),
    }
    unknown = log(registry, Species(), "UNSAID", task.Task.UNKNOWN, sample[["X"]])
    for name, version in versions.items():
        monitor_data.write_log(session, name, data[name], version)
    found = {"made": sorted(str(each.name) for each in monitors(registry, versions).values())}
    found["metrics"] = {name: monitor_metrics.differences(session, name, data[name]) for name in versions}
    found["refused"] = refused(registry, versions["DENIAL"], unknown)
    found["lifecycle"] = lifecycle(session, registry, versions["DENIAL"])
    session.close()
    json.dump(found, sys.stdout, default=str)


main()
