"""Columns of a batch as pandas has them, and back, without a step for each value.

https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-batch#type-support
"""

import json
from typing import Any

import numpy
import pandas

from snowflake_worker import cells, columns, records
from snowflake_worker.cells import Cell, SqlType
from snowflake_worker.columns import Column, Records

_DTYPES = {"bool": "?", "int16": "<i2", "int32": "<i4", "int64": "<i8", "float64": "<f8"}
_LARGEST_MICROSECONDS = numpy.iinfo("int64").max // 1000
_NOT_A_TIME = int(numpy.iinfo("int64").min)


def data_frame(arguments: list[SqlType], timezone: str, given: list[Column], rows: int) -> pandas.DataFrame:
    arrays = {
        index: array(sql_type, timezone, column) for index, (sql_type, column) in enumerate(zip(arguments, given, strict=True))
    }
    return pandas.DataFrame(arrays, index=range(rows))


# --- to pandas -----------------------------------------------------------------------------------------------------


def array(sql_type: SqlType, timezone: str, column: Column) -> Any:
    """A column as the documentation's table of dtypes says."""
    kind = sql_type["kind"]
    if column.form == "text":
        return _array_of_text(sql_type, timezone, column)
    if kind == "NUMBER" and (sql_type["scale"] or sql_type["precision"] > 18):
        return pandas.Series(columns.decode(sql_type, timezone, column), dtype=object)
    values = numpy.frombuffer(column.data, _DTYPES[column.form]).copy()
    missing = numpy.zeros(len(values), "?") if column.valid is None else numpy.frombuffer(column.valid, "?") == numpy.False_
    if kind == "NUMBER":
        values[missing] = 0
        return pandas.arrays.IntegerArray(values, missing)
    if kind == "BOOLEAN":
        values[missing] = False
        return pandas.arrays.BooleanArray(values, missing)
    if kind == "FLOAT":
        values[missing] = numpy.nan
        return values
    return _moments(kind, timezone, values.astype("int64") * (86_400_000_000 if kind == "DATE" else 1), missing)


def _moments(kind: str, timezone: str, microseconds: numpy.ndarray, missing: numpy.ndarray) -> Any:
    microseconds[missing] = 0
    if numpy.abs(microseconds).max(initial=0) > _LARGEST_MICROSECONDS:
        raise pandas.errors.OutOfBoundsDatetime(f"a {kind} is outside of the years that a data frame's datetime64[ns] holds")
    nanoseconds = microseconds * 1000
    nanoseconds[missing] = _NOT_A_TIME
    return _of_nanoseconds(kind, timezone, nanoseconds)


def _of_nanoseconds(kind: str, timezone: str, nanoseconds: numpy.ndarray) -> Any:
    if kind == "TIME":
        return nanoseconds.astype("timedelta64[ns]")
    instants = nanoseconds.astype("datetime64[ns]")
    if kind == "TIMESTAMP_LTZ":
        return pandas.DatetimeIndex(instants, tz="UTC").tz_convert(timezone).tz_localize(None).to_numpy()
    return instants


def _array_of_text(sql_type: SqlType, timezone: str, column: Column) -> Any:
    kind = sql_type["kind"]
    given: list[Cell] = json.loads(bytes(column.data))
    if kind == "NUMBER" and sql_type["scale"] == 0 and sql_type["precision"] <= 18:
        dtypes = {"h": pandas.Int16Dtype(), "i": pandas.Int32Dtype(), "q": pandas.Int64Dtype()}
        integers: Any = [None if text is None else int(text) for text in given]
        return pandas.array(integers, dtype=dtypes[columns.integer_code(sql_type)])
    if kind == "FLOAT":
        return numpy.array([numpy.nan if text is None else float(text) for text in given], dtype="float64")
    if kind == "BOOLEAN":
        return pandas.array(cells.decode_column(sql_type, timezone, given), dtype="boolean")
    if kind == "VARCHAR":
        return pandas.array(given, dtype="string")
    if kind == "DATE":
        days = [None if text is None else numpy.datetime64(int(text), "D") for text in given]
        return numpy.array(days, dtype="datetime64[D]").astype("datetime64[ns]")
    if kind in ("TIME", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ"):
        return _of_nanoseconds(kind, timezone, numpy.array([_nanoseconds(text) for text in given], dtype="int64"))
    values = cells.decode_column(sql_type, timezone, given)
    if kind == "TIMESTAMP_TZ":
        values = [pandas.NA if value is None else pandas.Timestamp(value) for value in values]
    # Told to stay objects: pandas would guess a dtype of its own.
    return pandas.Series(values, dtype=object)


def _nanoseconds(text: Cell) -> int:
    if text is None:
        return _NOT_A_TIME
    seconds, nanoseconds = cells.split_seconds(text)
    return seconds * 1_000_000_000 + nanoseconds


# --- from pandas ---------------------------------------------------------------------------------------------------


def encode_all(returns: SqlType, timezone: str, parts: list[Any]) -> Column | Records:
    """What a handler answered for the parts of a batch, as one column."""
    if parts and returns["kind"] in ("OBJECT", "VARIANT") and all(isinstance(part, records.FrameRecords) for part in parts):
        kept = records.encode(parts)
        if kept is not None:
            return kept
    series = [_series(part) for part in parts]
    if len(series) == 1 or (series and all(each.dtype == series[0].dtype for each in series)):
        whole = series[0] if len(series) == 1 else pandas.concat(series, ignore_index=True)
        packed = _pack(returns, whole)
        if packed is not None:
            return packed
    return columns.encode(returns, timezone, [value for each in series for value in _values(returns, each)])


def _series(values: Any) -> pandas.Series:
    if isinstance(values, pandas.Series):
        return values
    if isinstance(values, numpy.ndarray) and values.ndim == 1:
        return pandas.Series(values)
    return pandas.Series(list(values), dtype=object)


def _pack(returns: SqlType, series: pandas.Series) -> Column | None:
    """A series of a dtype that fits the type; None for all others, which are looked at value by value."""
    dtype = series.dtype
    kind = returns["kind"]
    if kind == "FLOAT" and pandas.api.types.is_numeric_dtype(dtype) and dtype.kind in "fiu":
        values = series.to_numpy(dtype="float64", na_value=numpy.nan)
        return _column("d", values, numpy.isnan(values))
    if kind == "BOOLEAN" and dtype.kind == "b":
        return _column("?", series.to_numpy(dtype="?", na_value=False), series.isna().to_numpy())
    if kind == "NUMBER" and returns["scale"] == 0 and dtype.kind == "i":
        digits = series.to_numpy(dtype="int64", na_value=0)
        # int(): the smallest integer has no absolute value of its own type.
        largest = max(abs(int(digits.min(initial=0))), abs(int(digits.max(initial=0))))
        if columns.fits(returns, largest):
            return _column(columns.integer_code(returns), digits, series.isna().to_numpy())
    if kind == "TIMESTAMP_NTZ" and dtype == "datetime64[ns]":
        nanoseconds = series.to_numpy().astype("int64")
        missing = nanoseconds == _NOT_A_TIME
        nanoseconds[missing] = 0
        # What lies between two microseconds is the server's to round.
        return None if (nanoseconds % 1000).any() else _column("q", nanoseconds // 1000, missing)
    return None


def _column(code: str, values: numpy.ndarray, missing: numpy.ndarray) -> Column:
    column = columns.raw(code, values.astype({"h": "<i2", "i": "<i4", "q": "<i8", "d": "<f8", "?": "?"}[code]).tobytes())
    if missing.any():
        column.valid = (missing == numpy.False_).tobytes()
    return column


_containers = ("VARIANT", "OBJECT", "ARRAY", "STRUCTURED_ARRAY", "STRUCTURED_OBJECT", "MAP", "VECTOR")


def _values(returns: SqlType, series: pandas.Series) -> list[Any]:
    kind = returns["kind"]
    missing = [v is None for v in series] if kind in _containers else series.isna().to_numpy()
    if kind == "DATE" or kind.startswith("TIMESTAMP") or kind == "TIME":
        items: list[Any] = [_moment(value) for value in series]
    else:
        items = series.tolist()
    return [None if gone else item for gone, item in zip(missing, items, strict=True)]


def _moment(value: Any) -> Any:
    if isinstance(value, numpy.datetime64):
        return pandas.Timestamp(value)
    if isinstance(value, numpy.timedelta64):
        return pandas.Timedelta(value)
    return value
