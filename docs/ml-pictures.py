"""Draws the pictures of ml.md from real runs: the deployed graph with its last run, and what a model monitor says of a year.

After `make demo`:  SNOWFLAKE_HOME=.local/snowflake .cache/venv/bin/python docs/ml-pictures.py
"""

import subprocess
import sys
from pathlib import Path

from snowflake.ml.registry import Registry
from snowflake.snowpark import Session

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "payloads" / "src"))

from mortgage_columns import FEATURE_NAMES, feature_version  # noqa: E402
from mortgage_feature_store import FEATURE_VIEW  # noqa: E402

MODEL = "MORTGAGE_MODEL"
MONITOR, LOG, BASELINE = "PICTURE_MONITOR", "PICTURE_LOG", "PICTURE_BASELINE"
FEATURE, RAISE, FROM = "LOAN_TO_VALUE", 0.15, "1998-07-01"
YEAR = "'1998-01-01'::timestamp_ntz, '1999-01-01'::timestamp_ntz"


def main() -> None:
    session = Session.builder.config("connection_name", "local").create()
    session.use_warehouse("DEMO_WH")
    session.use_schema("SNOWBANK.PIPELINE")
    version = Registry(session).get_model(MODEL).default.version_name
    try:
        published = year_of(session, version, "0")
        raised = year_of(session, version, f"iff(APPLIED_AT >= '{FROM}', {RAISE}, 0)")
    finally:
        for kind, name in (("model monitor", MONITOR), ("table", LOG), ("table", BASELINE)):
            session.sql(f"drop {kind} if exists {name}").collect()
        session.close()
    Path(ROOT, "docs/ml-drift.svg").write_text(chart(published, raised))
    # fmt: off
    command = ["node", "pipeline/bin/pipeline.mjs", "graph", "--root", "SNOWBANK.PIPELINE.PREPARE_DATA", "--connection", "local",
               "--svg", "docs/ml-graph.svg"]
    # fmt: on
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def year_of(session: Session, version: str, shift: str) -> dict[str, list[float]]:
    """The metrics of each month of 1998, monitored against 1997, with ``shift`` (SQL) added to one feature."""
    features = ", ".join(name if name != FEATURE else f"{name} + {shift} as {name}" for name in FEATURE_NAMES)
    for table, years in ((BASELINE, "= 1997"), (LOG, "= 1998")):
        session.sql(
            f"create or replace table {table} as select LOAN_ID::varchar as LOAN_ID, APPLIED_AT, DENIED::int as TRUTH, "
            f"{', '.join(FEATURE_NAMES)}, P, iff(P >= 0.5, 1, 0) as C from (select *, MODEL({MODEL}, {version})!PREDICT_PROBA("
            f"{', '.join(FEATURE_NAMES)}):output_feature_1::float as P from (select LOAN_ID, APPLIED_AT, DENIED, {features} "
            f'from SNOWBANK.DATA."{FEATURE_VIEW}${feature_version()}" '
            "join (select LOAN_ID as ID, DENIED from SNOWBANK.DATA.MORTGAGE_APPLICATIONS) on LOAN_ID = ID "
            f"where year(APPLIED_AT) {years}))"
        ).collect()
    session.sql(f"drop model monitor if exists {MONITOR}").collect()
    session.sql(
        f"create model monitor {MONITOR} with model = {MODEL} version = {version} function = PREDICT_PROBA source = {LOG} "
        f"baseline = {BASELINE} warehouse = DEMO_WH refresh_interval = '1 day' aggregation_window = '1 day' timestamp_column = APPLIED_AT "
        "id_columns = (LOAN_ID) prediction_score_columns = (P) prediction_class_columns = (C) actual_class_columns = (TRUTH)"
    ).collect()
    return {
        "drift": by_month(session, f"drift_metric('{MONITOR}', 'POPULATION_STABILITY_INDEX', '{FEATURE}'"),
        "accuracy": by_month(session, f"performance_metric('{MONITOR}', 'CLASSIFICATION_ACCURACY'"),
    }


def by_month(session: Session, call: str) -> list[float]:
    rows = session.sql(
        f"select metric_value from table(model_monitor_{call}, '1 MONTH', {YEAR})) order by event_timestamp"
    ).collect()
    assert len(rows) == 12, call
    return [float(row[0]) for row in rows]


PUBLISHED, RAISED, GRID = "#2563eb", "#dc2626", "#cbd5e1"
LEFT, WIDTH, HEIGHT, GAP = 56, 560, 130, 64


def chart(published: dict[str, list[float]], raised: dict[str, list[float]]) -> str:
    """Two panels, a line a series."""
    top = max(0.5, *published["drift"], *raised["drift"]) * 1.05
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="660" height="440" viewBox="0 0 660 440" font-family="sans-serif" font-size="12">',
        '<rect width="660" height="440" fill="#ffffff"/>',
        panel(
            36,
            f"Population stability index of {FEATURE} against 1997",
            [published["drift"], raised["drift"]],
            0,
            top,
            limit=0.25,
        ),
        panel(36 + HEIGHT + GAP, "Accuracy of the predictions", [published["accuracy"], raised["accuracy"]], 0.7, 1),
        f'<circle cx="{LEFT}" cy="414" r="5" fill="{PUBLISHED}"/><text x="{LEFT + 10}" y="418">1998 as published</text>',
        f'<circle cx="{LEFT + 160}" cy="414" r="5" fill="{RAISED}"/>'
        f'<text x="{LEFT + 170}" y="418">with {RAISE} added to {FEATURE} from July on</text>',
        "</svg>\n",
    ]
    return "\n".join(parts)


def panel(y: int, title: str, series: list[list[float]], low: float, high: float, limit: float | None = None) -> str:
    def at(value: float) -> float:
        return round(y + HEIGHT - (value - low) / (high - low) * HEIGHT, 1)

    def across(month: int) -> float:
        return round(LEFT + month * WIDTH / 11, 1)

    parts = [f'<text x="{LEFT}" y="{y - 12}" font-weight="bold">{title}</text>']
    for step in range(5):
        value = low + (high - low) * step / 4
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{at(value)}" y2="{at(value)}" stroke="{GRID}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at(value) + 4}" text-anchor="end">{value:.2f}</text>')
    for month, name in enumerate("JFMAMJJASOND"):
        parts.append(f'<text x="{across(month)}" y="{y + HEIGHT + 18}" text-anchor="middle">{name}</text>')
    if limit is not None:
        parts.append(
            f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{at(limit)}" y2="{at(limit)}" stroke="#64748b" stroke-dasharray="5 4"/>'
        )
        parts.append(f'<text x="{LEFT + WIDTH + 4}" y="{at(limit) + 4}">limit</text>')
    for values, colour in zip(series, (PUBLISHED, RAISED), strict=True):
        points = " ".join(f"{across(month)},{at(value)}" for month, value in enumerate(values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    return "\n".join(parts)


main()
