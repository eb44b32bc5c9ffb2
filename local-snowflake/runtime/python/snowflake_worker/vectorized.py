"""Vectorised functions: the handler gets a pandas DataFrame whose columns are the arguments, 0, 1, …

https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-batch
"""

from collections.abc import Callable
from typing import Any

import numpy
import pandas

from snowflake_worker import cells
from snowflake_worker.cells import Cell, SqlType
from snowflake_worker.frames import Header

_DEFAULT_ROWS = 8192
_integer_types = {16: pandas.Int16Dtype(), 32: pandas.Int32Dtype(), 64: pandas.Int64Dtype()}


def answer(function: Callable[[pandas.DataFrame], Any], task: Header) -> Callable[[dict[str, Any]], list[Cell]]:
    timezone: str = task["timezone"]
    arguments: list[SqlType] = task["arguments"]
    returns: SqlType = task["returns"]
    if function._sf_vectorized_input is not pandas.DataFrame:  # type: ignore[attr-defined]
        raise TypeError(f"Handler {task['handler']}: _sf_vectorized_input must be pandas.DataFrame")
    step = int(getattr(function, "_sf_max_batch_size", None) or _DEFAULT_ROWS)

    def run(batch: dict[str, Any]) -> list[Cell]:
        result: list[Cell] = []
        for start in range(0, batch["rows"], step):
            stop = min(start + step, batch["rows"])
            frame = data_frame(arguments, timezone, [column[start:stop] for column in batch["columns"]], stop - start)
            values = function(frame)
            if len(values) != stop - start:
                raise ValueError(f"Handler {task['handler']} returned {len(values)} values for {stop - start} rows")
            result += encode(returns, timezone, values)
        return result

    return run


def data_frame(arguments: list[SqlType], timezone: str, columns: list[list[Cell]], rows: int) -> pandas.DataFrame:
    arrays = {
        index: array(sql_type, timezone, column)
        for index, (sql_type, column) in enumerate(zip(arguments, columns, strict=True))
    }
    return pandas.DataFrame(arrays, index=range(rows))


def array(sql_type: SqlType, timezone: str, column: list[Cell]) -> Any:
    """A column as the documentation's table of dtypes says."""
    kind = sql_type["kind"]
    if kind == "NUMBER" and sql_type["scale"] == 0 and sql_type["precision"] <= 18:
        bits = 16 if sql_type["precision"] <= 4 else 32 if sql_type["precision"] <= 9 else 64
        integers: Any = [None if text is None else int(text) for text in column]
        return pandas.array(integers, dtype=_integer_types[bits])
    if kind == "FLOAT":
        return numpy.array([numpy.nan if text is None else float(text) for text in column], dtype="float64")
    if kind == "BOOLEAN":
        return pandas.array(cells.decode_column(sql_type, timezone, column), dtype="boolean")
    if kind == "VARCHAR":
        return pandas.array(column, dtype="string")
    if kind == "DATE":
        days = [None if text is None else numpy.datetime64(int(text), "D") for text in column]
        return numpy.array(days, dtype="datetime64[D]").astype("datetime64[ns]")
    if kind == "TIME":
        return numpy.array([_nanoseconds(text) for text in column], dtype="timedelta64[ns]")
    if kind == "TIMESTAMP_NTZ":
        return numpy.array([_nanoseconds(text) for text in column], dtype="datetime64[ns]")
    if kind == "TIMESTAMP_LTZ":
        instants = pandas.DatetimeIndex(numpy.array([_nanoseconds(text) for text in column], dtype="datetime64[ns]"), tz="UTC")
        return instants.tz_convert(timezone).tz_localize(None).to_numpy()
    values = cells.decode_column(sql_type, timezone, column)
    if kind == "TIMESTAMP_TZ":
        values = [pandas.NA if value is None else pandas.Timestamp(value) for value in values]
    # Told to stay objects: pandas would guess a dtype of its own.
    return pandas.Series(values, dtype=object)


def _nanoseconds(text: Cell) -> int:
    if text is None:
        return int(numpy.iinfo("int64").min)  # NaT
    seconds, nanoseconds = cells.split_seconds(text)
    return seconds * 1_000_000_000 + nanoseconds


def encode(returns: SqlType, timezone: str, values: Any) -> list[Cell]:
    kind = returns["kind"]
    series = values if isinstance(values, pandas.Series) else pandas.Series(list(values), dtype=object)
    missing = series.isna().to_numpy() if kind not in ("VARIANT", "OBJECT", "ARRAY") else [v is None for v in series]
    if kind == "DATE" or kind.startswith("TIMESTAMP") or kind == "TIME":
        items: list[Any] = [_moment(value) for value in series]
    else:
        items = series.tolist()
    present = [None if gone else item for gone, item in zip(missing, items, strict=True)]
    return cells.encode_column(returns, timezone, present)


def _moment(value: Any) -> Any:
    if isinstance(value, numpy.datetime64):
        return pandas.Timestamp(value)
    if isinstance(value, numpy.timedelta64):
        return pandas.Timedelta(value)
    return value
