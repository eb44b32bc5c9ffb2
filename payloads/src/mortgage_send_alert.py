"""SEND_ALERT: tells people, by the notification integration, that a model was not good enough.

https://docs.snowflake.com/en/sql-reference/stored-procedures/system_send_snowflake_notification
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mortgage_run_files import METRICS, read_json
from mortgage_sql import literal
from mortgage_task import Run, current_run, finish

if TYPE_CHECKING:
    from snowflake.snowpark import Session


def handler(session: Session) -> str:
    """The step as a task of the graph, after CHECK_MODEL_QUALITY returned ``send_alert``."""
    run = current_run(session)
    return finish(session, send(session, run, message(run, read_json(session, run.folder, METRICS))))


def message(run: Run, report: dict[str, object]) -> str:
    """What to say about the run whose metrics file is ``report``."""
    metrics = report.get("metrics")
    value = metrics.get(run.config.metric) if isinstance(metrics, dict) else None
    return (
        f"{run.config.model}: the model of run {run.version} was not promoted, "
        f"{run.config.metric} {value} is below the threshold {run.config.threshold}. The default version is unchanged."
    )


def send(session: Session, run: Run, text: str) -> str:
    """Sends ``text``, sanitised, and returns it."""
    session.sql(
        "CALL SYSTEM$SEND_SNOWFLAKE_NOTIFICATION("
        f"SNOWFLAKE.NOTIFICATION.TEXT_PLAIN(SNOWFLAKE.NOTIFICATION.SANITIZE_WEBHOOK_CONTENT({literal(text)})), "
        f"SNOWFLAKE.NOTIFICATION.INTEGRATION({literal(run.config.notification_integration)}))"
    ).collect()
    return text
