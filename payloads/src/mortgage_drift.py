"""How far the newest predictions, or a feature, have moved from what the model was trained on, as its monitor says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mortgage_sql import literal

if TYPE_CHECKING:
    from snowflake.snowpark import Session

    from mortgage_config import PipelineConfig


@dataclass(frozen=True, slots=True)
class Drift:
    """Drift of a column on the last day that has any rows of it: its value, and of how many rows."""

    day: datetime
    value: float
    rows: int


def newest_drift(session: Session, config: PipelineConfig) -> Drift | None:
    """The newest drift of the configured column; None when nothing was scored within the configured days.

    https://docs.snowflake.com/en/sql-reference/functions/model-monitor-drift-metric
    """
    arguments = ", ".join(literal(text) for text in (config.monitor_name, config.drift_metric, config.drift_column, "1 DAY"))
    found = session.sql(
        "SELECT EVENT_TIMESTAMP, METRIC_VALUE, COL_COUNT_USED FROM TABLE(MODEL_MONITOR_DRIFT_METRIC("
        f"{arguments}, DATEADD('DAY', {-config.drift_days}, CURRENT_DATE()), NULL)) "
        "WHERE METRIC_VALUE IS NOT NULL ORDER BY EVENT_TIMESTAMP DESC LIMIT 1"
    ).collect()
    for row in (each.as_dict() for each in found):
        return Drift(row["EVENT_TIMESTAMP"], float(row["METRIC_VALUE"]), int(row["COL_COUNT_USED"]))
    return None


def message(config: PipelineConfig, drift: Drift) -> str:
    """What to tell people of ``drift``, which is above the limit."""
    return (
        f"{config.model}: {config.drift_metric} of {config.drift_column} is {drift.value:.4f} on {drift.day:%Y-%m-%d} "
        f"({drift.rows} rows), above the limit {config.drift_limit:g}. See model monitor {config.monitor_name}."
    )
