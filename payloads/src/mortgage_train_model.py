"""TRAIN_MODEL: submits the training job, waits for it, and fails with the end of its log when the job fails."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from snowflake.ml import jobs

from mortgage_run_files import JOB, MODEL, TRAINING, read_json, write_json
from mortgage_task import Run, current_run, finish, predecessor_value

if TYPE_CHECKING:
    from pathlib import Path

    from snowflake.snowpark import Session

ENTRY_POINT = "mortgage_train_job.py"
_LOG_LINES = 40
_RUNNING = ("PENDING", "RUNNING")


class TrainingError(RuntimeError):
    """The training job did not end well; the text has its id, its status and the end of its log."""


def handler(session: Session) -> str:
    """The step as a task of the graph, after PREPARE_DATA."""
    run = current_run(session)
    prepared = predecessor_value(session, "PREPARE_DATA")
    return finish(session, json.dumps(train_model(session, run, str(prepared["train_version"]))))


def train_model(session: Session, run: Run, train_version: str, source: Path | None = None) -> dict[str, object]:
    """Trains on ``train_version`` of the run's dataset and returns what the job says about it, with its id.

    Args:
        source: Folder on this machine to take the job's code from, instead of the configured stage.

    Raises:
        TrainingError: The job failed, was cancelled, or took longer than configured (it is cancelled then).
    """
    job = _submit(session, run, train_version, source)
    # Written at once, so that CLEANUP finds the job of a run that fails.
    write_json(session, run.folder, JOB, {"id": job.id})
    status = _wait(job, run.config.job_timeout_seconds)
    if status != "DONE":
        raise TrainingError(f"ML job {job.id} ended with status {status}.\n{_logs(session, job, run.config.target_instances)}")
    facts = read_json(session, run.folder, TRAINING)
    return {**facts, "job": job.id, "model": f"{run.folder}/{MODEL}"}


def _submit(session: Session, run: Run, train_version: str, source: Path | None) -> jobs.MLJob[Any]:
    config = run.config
    arguments = {
        "--dataset": config.dataset_name,
        "--version": train_version,
        "--output": run.folder,
        "--rounds": config.rounds,
        "--max-depth": config.max_depth,
        "--learning-rate": config.learning_rate,
    }
    options: dict[str, Any] = {
        "entrypoint": ENTRY_POINT,
        "stage_name": config.job_stage,
        "args": [str(part) for pair in arguments.items() for part in pair],
        "target_instances": config.target_instances,
        # Several nodes: the entry point runs on each, and they train together.
        "parallel": config.target_instances > 1,
        "database": config.database,
        "schema": config.schema,
        "query_warehouse": config.warehouse,
        "session": session,
    }
    if source is not None:
        return jobs.submit_directory(str(source), config.compute_pool, **options)
    return jobs.submit_from_stage(f"{config.code_stage}/", config.compute_pool, **options)


def _wait(job: jobs.MLJob[Any], timeout_seconds: int) -> str:
    """The job's final status. One call of wait() may come back before the job has ended."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            status = job.wait(timeout=max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            status = "RUNNING"
        if status not in _RUNNING:
            return status
        if time.monotonic() >= deadline:
            job.cancel()
            return f"{status} after {timeout_seconds} s (cancelled)"
        time.sleep(1)


def _logs(session: Session, job: jobs.MLJob[Any], instances: int) -> str:
    """How each node ended and the last lines that it logged."""
    ends = _ends(session, job)
    parts: list[str] = []
    for instance in range(instances):
        try:
            log = job.get_logs(limit=_LOG_LINES, instance_id=instance, verbose=True).strip()
        except Exception as error:  # noqa: BLE001 - a node that never started has no log; the job's failure is what matters.
            log = f"no log: {error}"
        parts.append(f"--- node {instance}{ends.get(str(instance), '')} ---\n{log}")
    return "\n".join(parts)


def _ends(session: Session, job: jobs.MLJob[Any]) -> dict[str, str]:
    """Status and message of each node by its number: a killed process has no last words in its log."""
    try:
        rows = session.sql(f"SHOW SERVICE CONTAINERS IN SERVICE {job.id}").collect()
        return {str(row["instance_id"]): f": {row['instance_status']}, {row['message']}" for row in rows}
    except Exception:  # noqa: BLE001 - the logs alone will have to do.
        return {}
