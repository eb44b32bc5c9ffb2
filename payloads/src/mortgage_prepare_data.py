"""PREPARE_DATA: a new version of the dataset from the Feature Store, and its train and test splits.

The spine is every loan with its application time and outcome; features are joined as of that time, so a feature value that
became known later never leaks in. https://docs.snowflake.com/en/developer-guide/snowflake-ml/dataset
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from snowflake.ml._internal.exceptions.dataset_errors import DatasetNotExistError
from snowflake.ml.dataset import Dataset
from snowflake.snowpark import functions as F
from snowflake.snowpark.exceptions import SnowparkSQLException

from mortgage_columns import APPLIED_AT, LABEL, LOAN_ID
from mortgage_feature_store import find_view, open_store
from mortgage_split import test_condition
from mortgage_sql import first_row, is_missing
from mortgage_task import Run, current_run, finish

if TYPE_CHECKING:
    from snowflake.snowpark import Session


@dataclass(frozen=True, slots=True)
class PreparedData:
    """Names of the dataset and of the versions made, and how many rows the splits have."""

    dataset: str
    version: str
    train_version: str
    test_version: str
    train_rows: int
    test_rows: int


def handler(session: Session) -> str:
    """The step as a task of the graph (its root)."""
    return finish(session, json.dumps(asdict(prepare(session, current_run(session)))))


def prepare(session: Session, run: Run) -> PreparedData:
    """Makes the versions of ``run``; those that a failed attempt of the same run left are taken as they are.

    Raises:
        LookupError: The raw table does not exist, or the feature view is not registered.
        ValueError: The raw table has no row for one of the splits.
    """
    config = run.config
    train_rows, test_rows = _count(session, run)
    try:
        existing = {str(version) for version in Dataset.load(session, config.dataset_name).list_versions()}
    except DatasetNotExistError:
        existing = set[str]()
    if run.version in existing:
        dataset = Dataset.load(session, config.dataset_name).select_version(run.version)
    else:
        dataset = _generate(session, run)
    rows = dataset.read.to_snowpark_dataframe()
    is_test = test_condition(f'"{LOAN_ID}"', config.test_share)
    for version, condition in ((run.train_version, f"NOT ({is_test})"), (run.test_version, is_test)):
        if version not in existing:
            dataset.create_version(
                version,
                rows.filter(F.sql_expr(condition)),
                exclude_cols=[APPLIED_AT],
                label_cols=[LABEL],
                comment=f"Split of {run.version}: {condition}",
            )
    return PreparedData(config.dataset_name, run.version, run.train_version, run.test_version, train_rows, test_rows)


def _count(session: Session, run: Run) -> tuple[int, int]:
    """Rows to train on and to test on, before any version is made of them."""
    condition = test_condition(LOAN_ID, run.config.test_share)
    table = run.config.raw_table_name
    try:
        total, test_rows = first_row(session, f"SELECT COUNT(*), COUNT_IF({condition}) FROM {table}")
    except SnowparkSQLException as error:
        if not is_missing(error):
            raise
        raise LookupError(
            f"{table} is not there, or this role may not see it; create it with: python -m mortgage_pipeline setup"
        ) from error
    if total == 0:
        raise ValueError(f"{table} is empty; load data with: python -m mortgage_pipeline load")
    if test_rows in (0, total):
        raise ValueError(f"{table} has {total} rows, {test_rows} of them to test on; both splits need some")
    return total - test_rows, test_rows


def _generate(session: Session, run: Run) -> Dataset:
    store = open_store(session, run.config)
    view = find_view(store)
    # The view's dynamic table may lag behind the raw table by its target lag.
    store.refresh_feature_view(view)
    spine = session.table(run.config.raw_table_name).select(
        F.col(LOAN_ID), F.col(APPLIED_AT), F.col(LABEL).cast("integer").alias(LABEL)
    )
    return store.generate_dataset(
        run.config.dataset_name,
        spine,
        [view],
        version=run.version,
        spine_timestamp_col=APPLIED_AT,
        spine_label_cols=[LABEL],
        desc=f"Mortgage applications for run {run.version}",
    )
