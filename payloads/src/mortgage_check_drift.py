"""CHECK_DRIFT: compares the monitor's newest drift with the limit and picks the branch of the scoring graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mortgage_drift import newest_drift
from mortgage_task import Run, current_run, finish

if TYPE_CHECKING:
    from snowflake.snowpark import Session

DRIFTED = "drifted"
STEADY = "steady"


def handler(session: Session) -> str:
    """The step as a task of the scoring graph, after WATCH_MODEL: its return value is the branch's name alone."""
    return finish(session, check(session, current_run(session)))


def check(session: Session, run: Run) -> str:
    """``drifted`` when drift is above the limit, else ``steady``."""
    config = run.config
    drift = newest_drift(session, config)
    if drift is None:
        print(f"nothing was scored in the last {config.drift_days} days")
        return STEADY
    branch = DRIFTED if drift.value > config.drift_limit else STEADY
    print(f"{config.drift_metric} of {config.drift_column} = {drift.value}, limit {config.drift_limit}: {branch}")
    return branch
