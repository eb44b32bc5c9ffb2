"""Vectorised functions: the handler gets a pandas DataFrame whose columns are the arguments, 0, 1, …

https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-batch
"""

from collections.abc import Callable
from typing import Any

import pandas

from snowflake_worker import frame_columns, records
from snowflake_worker.cells import SqlType
from snowflake_worker.columns import Column, Records
from snowflake_worker.frames import Header


def answer(
    function: Callable[[pandas.DataFrame], Any], task: Header
) -> Callable[[Header, list[Column]], list[Column | Records]]:
    timezone: str = task["timezone"]
    arguments: list[SqlType] = task["arguments"]
    returns: SqlType = task["returns"]
    if function._sf_vectorized_input is not pandas.DataFrame:  # type: ignore[attr-defined]
        raise TypeError(f"Handler {task['handler']}: _sf_vectorized_input must be pandas.DataFrame")
    limit: int | None = getattr(function, "_sf_max_batch_size", None)
    records.keep_frames(function)

    def run(batch: Header, given: list[Column]) -> list[Column | Records]:
        rows: int = batch["rows"]
        step = int(limit or rows)
        frame = frame_columns.data_frame(arguments, timezone, given, rows)
        results = []
        for start in range(0, rows, step):
            stop = min(start + step, rows)
            part = frame if stop - start == rows else frame.iloc[start:stop].reset_index(drop=True)
            values = function(part)
            if len(values) != stop - start:
                raise ValueError(f"Handler {task['handler']} returned {len(values)} values for {stop - start} rows")
            results.append(values)
        return [frame_columns.encode_all(returns, timezone, results)]

    return run
