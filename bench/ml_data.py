"""The data and the model of the `ml` bench: the same numbers in Snowflake's SQL, in DuckDB's and in pandas."""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import xgboost as xgb

ROWS = 1_000_000
FEATURES = [f"F{index}" for index in range(12)]


def columns(seq: str) -> str:
    """A loan for each number: id, time of application, twelve numbers and the outcome."""
    numbers = ", ".join(f"cast(({seq} * {7919 + 2 * index}) % 10007 as double) / 10007 as X{index}" for index in range(12))
    return (
        f"{seq} as ID, dateadd('second', {seq}, '2026-01-01'::timestamp) as APPLIED, {numbers}, ({seq} * 31) % 8 = 0 as DENIED"
    )


#: The features of a loan: some as they are, some worked out.
FEATURE_SQL = ", ".join(
    f"{f'X{index}' if index < 8 else f'X{index} / (X{index - 1} + 1)'} as {name}" for index, name in enumerate(FEATURES)
)


def model() -> xgb.XGBClassifier:
    """A hundred trees over made-up loans."""
    values = np.random.default_rng(5).random((5000, len(FEATURES)))
    rows = pd.DataFrame(values, columns=FEATURES)
    return xgb.XGBClassifier(n_estimators=100, max_depth=4, n_jobs=1).fit(rows, rows.F0 + rows.F1 > 1.2)


def seconds(work: Callable[[], object]) -> float:
    """How long ``work`` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
