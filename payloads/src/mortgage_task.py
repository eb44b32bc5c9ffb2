"""What a step learns from the task graph it runs in, and the value it leaves there.

Plain SQL, so that a step needs no package for it. The system functions answer the session that a task started only, hence the
procedures around the steps are created with EXECUTE AS CALLER.
https://docs.snowflake.com/en/user-guide/tasks-graphs
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from mortgage_config import PipelineConfig
from mortgage_run_files import run_folder, version_of
from mortgage_sql import first_row, literal

if TYPE_CHECKING:
    from snowflake.snowpark import Session


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the pipeline: its configuration (located) and its version."""

    config: PipelineConfig
    version: str

    @property
    def folder(self) -> str:
        """Stage path of the run's files."""
        return run_folder(self.config.job_stage, self.version)

    @property
    def train_version(self) -> str:
        """Dataset version with the rows to train on."""
        return f"{self.version}_train"

    @property
    def test_version(self) -> str:
        """Dataset version with the rows to test on."""
        return f"{self.version}_test"

    @property
    def model_version(self) -> str:
        """Version of the model in the registry."""
        return self.version.upper()


def locate(session: Session, config: PipelineConfig) -> PipelineConfig:
    """``config`` with what it leaves open taken from the session."""
    return config.located(session.get_current_database(), session.get_current_schema(), session.get_current_warehouse())


def current_run(session: Session) -> Run:
    """The graph run that this session's task is part of.

    A retried run keeps the version of the first attempt.

    Raises:
        mortgage_config.ConfigError: The graph's configuration cannot be used.
        snowflake.snowpark.exceptions.SnowparkSQLException: The session is not a task's.
    """
    config = PipelineConfig.from_json(_call(session, "CALL SYSTEM$GET_TASK_GRAPH_CONFIG()"))
    (scheduled,) = first_row(
        session, "SELECT TO_TIMESTAMP(SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP'))"
    )
    if not isinstance(scheduled, datetime):
        raise RuntimeError(f"the graph run's scheduled time is {scheduled!r}, not a timestamp")
    return Run(locate(session, config), version_of(scheduled))


def predecessor_value(session: Session, task: str) -> dict[str, object]:
    """The JSON object that ``task``, an earlier task of this graph run, left as its return value.

    Raises:
        RuntimeError: It left none, or something else.
    """
    text = _call(session, f"CALL SYSTEM$GET_PREDECESSOR_RETURN_VALUE({literal(task)})")
    try:
        value: object = json.loads(text or "")
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise RuntimeError(f"task {task} left {text!r} as its return value, expected a JSON object")
    return cast("dict[str, object]", value)


def finish(session: Session, value: str) -> str:
    """Sets ``value`` (at most 10 kB) as the task's return value and gives it back."""
    _call(session, f"CALL SYSTEM$SET_RETURN_VALUE({literal(value)})")
    return value


def _call(session: Session, statement: str) -> str | None:
    (value,) = first_row(session, statement)
    return None if value is None else str(value)
