"""Table functions and aggregates: one handler object a partition, `process` for each row, `end_partition` behind the last.

The rows of a call come in batches, in the order of their partitions; a partition may span batches, and a batch many
partitions: `ends` says after how many of the batch's rows one ends.

https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-functions
https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-tabular-vectorized
"""

from collections.abc import Callable, Iterable, Iterator
from types import GeneratorType
from typing import Any

from snowflake_worker import columns
from snowflake_worker.cells import SqlType
from snowflake_worker.columns import Column, Records
from snowflake_worker.frames import Header

Rows = list[tuple[Any, ...]]


def answer(handler: Any, task: Header) -> Callable[[Header, list[Column]], list[Column | Records]]:
    if not isinstance(handler, type):
        raise TypeError(f"Handler {task['handler']} of a table function must be a class")
    process = getattr(handler, "process", None)
    end = getattr(handler, "end_partition", None)
    if process is None and all(hasattr(handler, name) for name in ("accumulate", "merge", "finish", "aggregate_state")):
        return _Aggregate(handler, task)
    if process is None and end is None:
        raise TypeError(f"Handler {task['handler']} defines neither process nor end_partition")
    vectorised_process = _is_vectorised(process)
    if _is_vectorised(end):
        if vectorised_process:
            raise TypeError(f"Handler {task['handler']} has both a vectorised process and a vectorised end_partition")
        if process is not None:
            raise TypeError(f"Handler {task['handler']} mixes a row-wise process with a vectorised end_partition")
        return _WholePartitions(handler, task)
    if vectorised_process:
        return _Frames(handler, task)
    if process is None:
        raise TypeError(f"Handler {task['handler']} does not define process")
    return _Rows(handler, task)


def _is_vectorised(method: Any) -> bool:
    return getattr(method, "_sf_vectorized_input", None) is not None


class _Partitions:
    """Takes the batches of a call apart; what is left of an earlier call, that failed, goes with the first batch."""

    def __init__(self, handler: type, task: Header) -> None:
        self._handler = handler
        self._name: str = task["handler"]
        self._timezone: str = task["timezone"]
        self._arguments: list[SqlType] = task["arguments"]
        self._names: list[str] = task["argumentNames"]
        self._returns: list[SqlType] = task["returns"]["table"]
        self._state: Any = None
        self._partition = 0
        self._sources: list[int] = []

    def __call__(self, batch: Header, given: list[Column]) -> list[Column | Records]:
        if batch["first"]:
            self._state = None
            self._partition = 0
        self._sources = []
        self._begin(batch, given)
        begin = 0
        for end in batch["ends"]:
            self._take(begin, end, batch["start"])
            self._finish(self._object())
            self._state = None
            self._partition += 1
            begin = end
        self._take(begin, batch["rows"], batch["start"])
        return [columns.raw("q", self._sources), *self._results()]

    def _object(self) -> Any:
        if self._state is None:
            self._state = self._handler()
        return self._state

    @property
    def _whole(self) -> int:
        """What stands for the source of rows that belong to the partition as a whole."""
        return -1 - self._partition

    def _begin(self, batch: Header, given: list[Column]) -> None:
        raise NotImplementedError

    def _take(self, begin: int, end: int, start: int) -> None:
        raise NotImplementedError

    def _finish(self, state: Any) -> None:
        raise NotImplementedError

    def _results(self) -> list[Column | Records]:
        raise NotImplementedError

    def _produced(self, values: Iterable[Any] | None) -> Iterator[tuple[Any, ...]]:
        for row in values or ():
            if row is None:
                return
            value = row if isinstance(row, tuple | list) else (row,)
            if len(value) != len(self._returns):
                raise ValueError(
                    f"Handler {self._name} gave a row of {len(value)} value(s), RETURNS TABLE has {len(self._returns)}"
                )
            yield tuple(value)


class _Rows(_Partitions):
    """A `process` that takes a row."""

    def _begin(self, batch: Header, given: list[Column]) -> None:
        decoded = [columns.decode(each, self._timezone, column) for each, column in zip(self._arguments, given, strict=True)]
        self._input: Rows = list(zip(*decoded, strict=True)) if decoded else [()] * batch["rows"]
        self._output: Rows = []

    def _results(self) -> list[Column | Records]:
        return [
            columns.encode(sql_type, self._timezone, [row[index] for row in self._output])
            for index, sql_type in enumerate(self._returns)
        ]

    def _take(self, begin: int, end: int, start: int) -> None:
        if begin == end:
            return
        process = self._object().process
        for index in range(begin, end):
            produced = list(self._produced(process(*self._input[index])))
            self._output += produced
            self._sources += [start + index] * len(produced)

    def _finish(self, state: Any) -> None:
        if hasattr(state, "end_partition"):
            produced = list(self._produced(state.end_partition()))
            self._output += produced
            self._sources += [self._whole] * len(produced)


class _Aggregate(_Rows):
    """An aggregate: a row for each group. All of a group's rows go to one object, so that nothing has to be merged.

    https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-aggregate-functions
    """

    def _take(self, begin: int, end: int, start: int) -> None:
        if begin == end:
            return
        accumulate = self._object().accumulate
        for index in range(begin, end):
            accumulate(*self._input[index])

    def _finish(self, state: Any) -> None:
        self._output.append((state.finish(),))
        self._sources.append(self._whole)


class _Vectorised(_Partitions):
    def _begin(self, batch: Header, given: list[Column]) -> None:
        from snowflake_worker import frame_columns

        self._input = frame_columns.data_frame(self._arguments, self._timezone, given, batch["rows"])
        # The handler knows the arguments by the names that CREATE FUNCTION gives them, upper case.
        self._input.columns = self._names
        # For each column of the results the parts of which it is made.
        self._parts: list[list[Any]] = [[] for _ in self._returns]

    def _part(self, begin: int, end: int) -> Any:
        return self._input.iloc[begin:end].reset_index(drop=True)

    def _add_frame(self, result: Any) -> int:
        series = _series(result)
        if len(series) != len(self._returns):
            raise ValueError(f"Handler {self._name} gave {len(series)} column(s), RETURNS TABLE has {len(self._returns)}")
        for parts, values in zip(self._parts, series, strict=True):
            parts.append(values)
        return len(series[0]) if series else 0

    def _results(self) -> list[Column | Records]:
        from snowflake_worker import frame_columns

        return [
            frame_columns.encode_all(sql_type, self._timezone, parts)
            for sql_type, parts in zip(self._returns, self._parts, strict=True)
        ]


class _Frames(_Vectorised):
    """A vectorised `process`: a row out for each row in."""

    def _take(self, begin: int, end: int, start: int) -> None:
        if begin == end:
            return
        process = self._object().process
        step = int(getattr(process, "_sf_max_batch_size", None) or end - begin)
        for first in range(begin, end, step):
            last = min(first + step, end)
            count = self._add_frame(process(self._part(first, last)))
            if count != last - first:
                raise ValueError(f"process of handler {self._name} gave {count} rows for {last - first}")
            self._sources += range(start + first, start + last)

    def _finish(self, state: Any) -> None:
        if hasattr(state, "end_partition"):
            result = state.end_partition()
            if not _is_frame(result):
                produced = list(self._produced(result))
                result = [[row[index] for row in produced] for index in range(len(self._returns))]
            self._sources += [self._whole] * self._add_frame(result)


class _WholePartitions(_Vectorised):
    """A vectorised `end_partition`: the partition as one frame."""

    def __init__(self, handler: type, task: Header) -> None:
        super().__init__(handler, task)
        # Of a partition that spans batches.
        self._held: list[Any] = []

    def __call__(self, batch: Header, given: list[Column]) -> list[Column | Records]:
        if batch["first"]:
            self._held = []
        return super().__call__(batch, given)

    def _take(self, begin: int, end: int, start: int) -> None:
        self._held.append(self._part(begin, end))

    def _finish(self, state: Any) -> None:
        import pandas

        held, self._held = [part for part in self._held if len(part) > 0], []
        result = state.end_partition(held[0] if len(held) == 1 else pandas.concat(held, ignore_index=True))
        for each in result if isinstance(result, GeneratorType) else [result]:
            if each is not None:
                self._sources += [self._whole] * self._add_frame(each)


def _is_frame(result: Any) -> bool:
    return hasattr(result, "iloc") and hasattr(result, "columns")


def _series(result: Any) -> list[Any]:
    if _is_frame(result):
        return [result.iloc[:, index] for index in range(len(result.columns))]
    return list(result)
