"""CHECK_MODEL_QUALITY: measures the trained model on the test split and picks the branch of the graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snowflake.ml.dataset import load_dataset

from mortgage_columns import GROUP, LABEL, LOAN_ID
from mortgage_metrics import Branch, choose, classification_metrics
from mortgage_model import denial_probability, from_json
from mortgage_run_files import METRICS, MODEL, read_bytes, write_json
from mortgage_task import Run, current_run, finish

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from snowflake.snowpark import Session


@dataclass(frozen=True, slots=True)
class Quality:
    """Metrics of a model by name, and what follows from them."""

    metrics: dict[str, float]
    branch: Branch


def handler(session: Session) -> str:
    """The step as a task of the graph, after TRAIN_MODEL: its return value is the branch's name alone."""
    return finish(session, check(session, current_run(session)).branch)


def check(session: Session, run: Run) -> Quality:
    """Measures the run's model and keeps the metrics beside it."""
    rows = load_dataset(session, run.config.dataset_name, run.test_version).read.to_pandas()
    classifier = from_json(read_bytes(session, run.folder, MODEL))
    metrics = classification_metrics(
        rows[LABEL].to_numpy(dtype="int64") == 1,
        denial_probability(classifier, rows),
        _group_of(session, run, rows),
    )
    quality = Quality(metrics, choose(metrics, run.config.metric, run.config.threshold))
    write_json(
        session,
        run.folder,
        METRICS,
        {"metrics": metrics, "metric": run.config.metric, "threshold": run.config.threshold, "branch": quality.branch},
    )
    print(f"{run.config.metric} = {metrics[run.config.metric]}, threshold {run.config.threshold}: {quality.branch}")
    return quality


def _group_of(session: Session, run: Run, rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Group of each of the n test loans. It is in no dataset: only this report looks at it."""
    table = session.table(run.config.raw_table_name).select(LOAN_ID, GROUP).to_pandas()
    group = table.set_index(LOAN_ID)[GROUP].reindex(rows[LOAN_ID])
    if group.isna().any():
        raise ValueError(f"{int(group.isna().sum())} loans of the test split are not in {run.config.raw_table_name} any more")
    return group.to_numpy(dtype="bool")
