"""WATCH_MODEL: keeps a model monitor on the version that scores, against the loans that it was trained on.

A version has a monitor of its own, so a promoted version gets a new one, with its own baseline and its own part of the log.
https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/model-observability
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from snowflake.ml.monitoring.entities.model_monitor_config import ModelMonitorConfig, ModelMonitorSourceConfig
from snowflake.ml.registry import Registry

from mortgage_columns import FEATURE_NAMES, LABEL, LOAN_ID
from mortgage_inference_log import (
    FEATURE_VIEW,
    FUNCTION,
    MODEL_VERSION,
    OUTPUT,
    PREDICTION,
    PROBABILITY,
    SCORED_AT,
    THRESHOLD,
    feature_relation,
)
from mortgage_split import test_condition
from mortgage_sql import first_row, literal, qualified
from mortgage_task import Run, current_run, finish

if TYPE_CHECKING:
    from snowflake.snowpark import Session

    from mortgage_config import PipelineConfig

#: What the task returns when there is something to look at.
WATCHING = "watching"
NOTHING = "nothing_to_watch"


def handler(session: Session) -> str:
    """The step as a task of the scoring graph, after SCORE_APPLICATIONS."""
    return finish(session, watch(session, current_run(session)))


def watch(session: Session, run: Run) -> str:
    """Makes the monitor of the model's default version unless it is there; says whether there is anything to watch."""
    config = run.config
    registry = Registry(session, database_name=config.database, schema_name=config.schema)
    shown = registry.show_models()
    if shown.empty or config.model not in set(shown["name"]):
        print(f"there is no model {config.model} yet")
        return NOTHING
    version = registry.get_model(config.model).default
    if watched_version(registry, config.monitor) == version.version_name:
        return WATCHING
    _drop(session, config)
    source = _watched_view(session, config, version.version_name)
    baseline = _baseline(session, config, version.version_name)
    registry.add_monitor(
        config.monitor_name,
        ModelMonitorSourceConfig(
            source=source,
            baseline=baseline,
            timestamp_column=SCORED_AT,
            id_columns=[LOAN_ID],
            prediction_score_columns=[PROBABILITY],
            prediction_class_columns=[PREDICTION],
            actual_class_columns=[LABEL],
        ),
        ModelMonitorConfig(
            version, FUNCTION, config.warehouse, refresh_interval=config.refresh_interval, aggregation_window="1 day"
        ),
    )
    print(f"{config.monitor} watches {config.model} {version.version_name}")
    return WATCHING


def watched_version(registry: Registry, monitor: str) -> str | None:
    """The version that ``monitor`` is on; None when it does not exist."""
    for row in (each.as_dict() for each in registry.show_model_monitors()):
        if row["name"] == monitor:
            return str(json.loads(row["model"])["version_name"])
    return None


def _drop(session: Session, config: PipelineConfig) -> None:
    session.sql(f"DROP MODEL MONITOR IF EXISTS {config.monitor_name}").collect()


def _watched_view(session: Session, config: PipelineConfig, version: str) -> str:
    """The version's part of the log, with what became of the loans as far as that is known."""
    view = qualified(config.database, config.data_schema, f"{config.inference_log}_WATCHED")
    columns = ", ".join(f"l.{name}" for name in (LOAN_ID, SCORED_AT, *FEATURE_NAMES, PROBABILITY, PREDICTION))
    session.sql(
        f"CREATE OR REPLACE VIEW {view} AS SELECT {columns}, r.{LABEL}::INTEGER AS {LABEL} "
        f"FROM {config.inference_log_name} l LEFT JOIN {config.raw_table_name} r ON r.{LOAN_ID} = l.{LOAN_ID} "
        f"WHERE l.{MODEL_VERSION} = {literal(version)}"
    ).collect()
    return view


def _baseline(session: Session, config: PipelineConfig, version: str) -> str:
    """The loans that models train on, with what the version says of them."""
    table = qualified(config.database, config.data_schema, f"{config.inference_log}_BASELINE")
    features = ", ".join(FEATURE_NAMES)
    inputs = ", ".join(f"f.{name}" for name in FEATURE_NAMES)
    view = ".".join((qualified(config.database, config.data_schema), f'"{feature_relation(FEATURE_VIEW)}"'))
    model = qualified(config.database, config.schema, config.model)
    session.sql(
        f"CREATE OR REPLACE TABLE {table} AS "
        f"SELECT {features}, said:{OUTPUT}::FLOAT AS {PROBABILITY}, "
        f"IFF({PROBABILITY} >= {THRESHOLD}, 1, 0) AS {PREDICTION}, {LABEL} "
        f"FROM (SELECT f.*, r.{LABEL}::INTEGER AS {LABEL}, MODEL({model}, {version})!{FUNCTION}({inputs}) AS said "
        f"FROM {view} f JOIN {config.raw_table_name} r ON r.{LOAN_ID} = f.{LOAN_ID} "
        f"WHERE NOT ({test_condition(f'f.{LOAN_ID}', config.test_share)}))"
    ).collect()
    (rows,) = first_row(session, f"SELECT COUNT(*) FROM {table}")
    print(f"{table}: {rows} loans")
    return table
