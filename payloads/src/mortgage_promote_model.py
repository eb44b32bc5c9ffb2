"""PROMOTE_MODEL: registers the run's model with its metrics and makes it the default version.

https://docs.snowflake.com/en/developer-guide/snowflake-ml/model-registry/overview
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from snowflake.ml.dataset import load_dataset
from snowflake.ml.model import task
from snowflake.ml.registry import Registry

from mortgage_columns import FEATURE_NAMES
from mortgage_model import from_json
from mortgage_run_files import METRICS, MODEL, read_bytes, read_json
from mortgage_task import Run, current_run, finish

if TYPE_CHECKING:
    from snowflake.ml.model import ModelVersion
    from snowflake.snowpark import Session


def handler(session: Session) -> str:
    """The step as a task of the graph, after CHECK_MODEL_QUALITY returned ``promote_model``."""
    version = promote(session, current_run(session))
    return finish(session, json.dumps({"model": version.fully_qualified_model_name, "version": version.version_name}))


def promote(session: Session, run: Run) -> ModelVersion:
    """The run's version of the model, registered and now the default; the earlier default stays until that last moment."""
    config = run.config
    registry = Registry(session, database_name=config.database, schema_name=config.schema)
    version = _find(registry, config.model, run.model_version) or _register(session, registry, run)
    registry.get_model(config.model).default = version
    print(f"{config.model} {run.model_version} is the default version")
    return version


def _find(registry: Registry, model: str, version: str) -> ModelVersion | None:
    """The version if a failed attempt of the same run has registered it."""
    shown = registry.show_models()
    if shown.empty or model not in set(shown["name"]):
        return None
    found = registry.get_model(model)
    return found.version(version) if version in set(found.show_versions()["name"]) else None


def _register(session: Session, registry: Registry, run: Run) -> ModelVersion:
    measured: Any = read_json(session, run.folder, METRICS)["metrics"]
    # Sample rows that come from the dataset make the model's lineage lead back to it.
    sample = load_dataset(session, run.config.dataset_name, run.train_version).read.to_snowpark_dataframe()
    return registry.log_model(
        from_json(read_bytes(session, run.folder, MODEL)),
        model_name=run.config.model,
        version_name=run.model_version,
        comment=f"Trained on {run.config.dataset_name} {run.train_version}",
        metrics=measured,
        sample_input_data=sample.select(*(f'"{name}"' for name in FEATURE_NAMES)),
        task=task.Task.TABULAR_BINARY_CLASSIFICATION,
        # Explanations need the package shap on every warehouse that runs the model.
        options={"enable_explainability": False},
    )
