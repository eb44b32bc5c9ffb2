"""ALERT_DRIFT: tells people, by the notification integration, that what the model is asked has moved away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mortgage_drift import message, newest_drift
from mortgage_send_alert import send
from mortgage_task import current_run, finish

if TYPE_CHECKING:
    from snowflake.snowpark import Session


def handler(session: Session) -> str:
    """The step as a task of the scoring graph, after CHECK_DRIFT returned ``drifted``."""
    run = current_run(session)
    drift = newest_drift(session, run.config)
    if drift is None:
        return finish(session, "the drift is gone")
    return finish(session, send(session, run, message(run.config, drift)))
