"""CLEANUP, the graph's finalizer: keeps the newest versions of model and dataset and drops the rest.

The default version of the model and one that a service serves are never dropped, nor the dataset versions and files of a run
whose model is kept. That there is nothing to drop (no model, no dataset, no file yet) is the normal case of a first run, not
an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from snowflake.ml import jobs
from snowflake.ml._internal.exceptions.dataset_errors import DatasetNotExistError
from snowflake.ml.dataset import Dataset
from snowflake.ml.registry import Registry
from snowflake.snowpark.exceptions import SnowparkClientException, SnowparkSQLException

from mortgage_run_files import JOB, is_version, list_versions, read_json, run_folder
from mortgage_sql import is_missing
from mortgage_task import Run, current_run, finish

if TYPE_CHECKING:
    import pandas as pd
    from snowflake.snowpark import Session

_SPLITS = ("", "_train", "_test")


@dataclass(slots=True)
class Dropped:
    """What a clean-up dropped, by name, and what went wrong with the rest."""

    models: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def handler(session: Session) -> str:
    """The step as the graph's finalizer: runs whatever became of the other tasks, and needs no value of theirs."""
    run = current_run(session)
    dropped = clean_up(session, run)
    if dropped.errors:
        raise RuntimeError("clean-up is incomplete: " + "; ".join(dropped.errors))
    counts = {"models": len(dropped.models), "datasets": len(dropped.datasets), "runs": len(dropped.runs)}
    return finish(session, json.dumps(counts))


def clean_up(session: Session, run: Run) -> Dropped:
    """Drops what is old. One thing that cannot be dropped does not keep the others from being dropped."""
    dropped = Dropped()
    kept = {run.version} | _clean_models(session, run, dropped)
    kept |= _clean_datasets(session, run, kept, dropped)
    _clean_files(session, run, kept, dropped)
    return dropped


def old_versions(versions: Iterable[str], keep: int, always: set[str]) -> list[str]:
    """Those of ``versions`` to drop, oldest first: neither among the ``keep`` newest nor in ``always``."""
    runs = sorted(version for version in versions if is_version(version))
    return [version for version in runs[: max(0, len(runs) - keep)] if version not in always]


def _clean_models(session: Session, run: Run, dropped: Dropped) -> set[str]:
    """Drops old model versions; returns the runs whose model is kept."""
    registry = Registry(session, database_name=run.config.database, schema_name=run.config.schema)
    shown = registry.show_models()
    if shown.empty or run.config.model not in set(shown["name"]):
        return set()
    model = registry.get_model(run.config.model)
    default = model.default.version_name
    # A version that is not named after a run was registered by hand: it is nobody's to drop here.
    versions = model.show_versions()
    runs = {name.lower() for name in map(str, versions["name"])}
    kept = {default.lower(), run.version} | served_versions(versions)
    for version in old_versions(runs, run.config.keep_versions, kept):
        if _attempt(dropped, f"model version {version.upper()}", lambda version=version: model.delete_version(version.upper())):
            dropped.models.append(version.upper())
            runs.discard(version)
    return runs


def served_versions(versions: pd.DataFrame) -> set[str]:
    """Versions behind an inference service, which cannot be dropped while it is there."""
    services = versions.get("inference_services")
    if services is None:
        return set()
    return {str(name).lower() for name, served in zip(versions["name"], services, strict=True) if json.loads(served or "[]")}


def _clean_datasets(session: Session, run: Run, kept: set[str], dropped: Dropped) -> set[str]:
    """Drops old dataset versions with their splits; returns the runs whose versions are kept."""
    try:
        dataset = Dataset.load(session, run.config.dataset_name)
    except DatasetNotExistError:
        return set()
    versions = {str(version) for version in dataset.list_versions()}
    runs = {version.removesuffix("_train").removesuffix("_test") for version in versions}
    for old in old_versions(runs, run.config.keep_versions, kept):
        for version in (old + split for split in _SPLITS if old + split in versions):
            if _attempt(dropped, f"dataset version {version}", lambda version=version: dataset.delete_version(version)):
                dropped.datasets.append(version)
        runs.discard(old)
    return runs


def _clean_files(session: Session, run: Run, kept: set[str], dropped: Dropped) -> None:
    """Removes the files of old runs, and their training jobs."""
    try:
        versions = list_versions(session, run.config.job_stage)
    except SnowparkSQLException as error:
        if is_missing(error):
            return
        raise
    for version in old_versions(versions, run.config.keep_versions, kept):
        folder = run_folder(run.config.job_stage, version)
        _attempt(dropped, f"job of run {version}", lambda folder=folder: _delete_job(session, folder))
        if _attempt(dropped, f"files of run {version}", lambda folder=folder: session.sql(f"REMOVE {folder}/").collect()):
            dropped.runs.append(version)


def _delete_job(session: Session, folder: str) -> None:
    """Drops the job whose id the run kept, with what its submission put on the stage."""
    try:
        job = str(read_json(session, folder, JOB)["id"])
    except SnowparkClientException:
        return  # A run that failed before it submitted one.
    try:
        jobs.delete_job(job, session=session)
    except SnowparkSQLException as error:
        if not is_missing(error):
            raise


def _attempt(dropped: Dropped, what: str, action: Callable[[], object]) -> bool:
    try:
        action()
    except Exception as error:  # noqa: BLE001 - reported with the others at the end
        dropped.errors.append(f"{what}: {error}")
        return False
    return True
