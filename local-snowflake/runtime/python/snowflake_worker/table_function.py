"""Table functions: one handler object a partition, `process` for each row, `end_partition` behind the last.

https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-functions
https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-vectorized
"""

from collections.abc import Callable, Iterable
from typing import Any

from snowflake_worker import cells
from snowflake_worker.cells import SqlType
from snowflake_worker.frames import Header


def answer(handler: Any, task: Header) -> Callable[[dict[str, Any]], dict[str, Any]]:
    if not isinstance(handler, type):
        raise TypeError(f"Handler {task['handler']} of a table function must be a class")
    process = getattr(handler, "process", None)
    end = getattr(handler, "end_partition", None)
    if process is None and end is None:
        raise TypeError(f"Handler {task['handler']} defines neither process nor end_partition")
    if any(getattr(each, "_sf_vectorized_input", None) is not None for each in (process, end)):
        return _by_frames(handler, task)
    if process is None:
        raise TypeError(f"Handler {task['handler']} does not define process")
    return _by_rows(handler, task)


class _Output:
    """Rows, and the input row each belongs to; -1 for rows that belong to the partition."""

    def __init__(self, task: Header) -> None:
        self._columns: list[SqlType] = task["returns"]["table"]
        self._handler: str = task["handler"]
        self._rows: list[tuple[Any, ...]] = []
        self._sources: list[int] = []

    def take(self, produced: Iterable[Any] | None, source: int) -> None:
        if produced is None:
            return
        for row in produced:
            if row is None:
                return
            values = row if isinstance(row, tuple | list) else (row,)
            if len(values) != len(self._columns):
                raise ValueError(
                    f"Handler {self._handler} gave a row of {len(values)} value(s), RETURNS TABLE has {len(self._columns)}"
                )
            self._rows.append(tuple(values))
            self._sources.append(source)

    def result(self, timezone: str) -> dict[str, Any]:
        columns = [[row[index] for row in self._rows] for index in range(len(self._columns))]
        encoded = [cells.encode_column(each, timezone, column) for each, column in zip(self._columns, columns, strict=True)]
        return {"columns": encoded, "sources": self._sources}


def _by_rows(handler: type, task: Header) -> Callable[[dict[str, Any]], dict[str, Any]]:
    timezone: str = task["timezone"]
    arguments: list[SqlType] = task["arguments"]

    def run(partition: dict[str, Any]) -> dict[str, Any]:
        columns = [
            cells.decode_column(each, timezone, column) for each, column in zip(arguments, partition["columns"], strict=True)
        ]
        rows = list(zip(*columns, strict=True)) if columns else [()] * partition["rows"]
        output = _Output(task)
        state = handler()
        for index, row in enumerate(rows):
            output.take(state.process(*row), index)
        if hasattr(state, "end_partition"):
            output.take(state.end_partition(), -1)
        return output.result(timezone)

    return run


def _by_frames(handler: type, task: Header) -> Callable[[dict[str, Any]], dict[str, Any]]:
    from snowflake_worker import vectorized

    timezone: str = task["timezone"]
    arguments: list[SqlType] = task["arguments"]
    returns: list[SqlType] = task["returns"]["table"]
    names: list[str] = task["argumentNames"]

    def run(partition: dict[str, Any]) -> dict[str, Any]:
        frame = vectorized.data_frame(arguments, timezone, partition["columns"], partition["rows"])
        # The handler knows the arguments by the names that CREATE FUNCTION gives them, upper case.
        frame.columns = names
        state = handler()
        if hasattr(state, "process") and getattr(state.process, "_sf_vectorized_input", None) is not None:
            produced = [(state.process(frame), len(frame))]
        elif hasattr(state, "process"):
            raise TypeError(f"Handler {task['handler']} mixes a row-wise process with a vectorised end_partition")
        else:
            produced = []
        if hasattr(state, "end_partition"):
            vectorised = getattr(state.end_partition, "_sf_vectorized_input", None) is not None
            produced.append((state.end_partition(frame) if vectorised else state.end_partition(), -1))
        columns: list[list[cells.Cell]] = [[] for _ in returns]
        sources: list[int] = []
        for result, rows in produced:
            if result is None:
                continue
            series = _series(result)
            if len(series) != len(returns):
                raise ValueError(f"Handler {task['handler']} gave {len(series)} column(s), RETURNS TABLE has {len(returns)}")
            count = len(series[0]) if series else 0
            if rows >= 0 and count != rows:
                raise ValueError(f"process of handler {task['handler']} gave {count} rows for {rows}")
            for target, sql_type, values in zip(columns, returns, series, strict=True):
                target += vectorized.encode(sql_type, timezone, values)
            sources += list(range(count)) if rows >= 0 else [-1] * count
        return {"columns": columns, "sources": sources}

    return run


def _series(result: Any) -> list[Any]:
    if hasattr(result, "iloc") and hasattr(result, "columns"):
        return [result.iloc[:, index] for index in range(len(result.columns))]
    return list(result)
