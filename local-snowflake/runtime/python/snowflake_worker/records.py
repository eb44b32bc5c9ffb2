"""What a model's method answers: rows of a data frame as objects, kept as the frame they come from.

The function that snowflake-ml-python writes for a method ends with `predictions_df.replace(…).to_dict("records")`. A million
dictionaries take longer than most models, so that the frame gives its rows as a sequence that makes them when asked.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast, overload

import numpy
import pandas

from snowflake_worker.columns import Column, Records, raw


class FrameRecords(Sequence[dict[str, Any]]):
    def __init__(self, frame: pandas.DataFrame) -> None:
        self.frame = frame
        self._made: list[dict[str, Any]] | None = None

    def _rows(self) -> list[dict[str, Any]]:
        if self._made is None:
            # Their keys are the frame's labels, which a model's signature makes texts.
            self._made = cast("list[dict[str, Any]]", pandas.DataFrame(self.frame).to_dict("records"))
        return self._made

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._rows())

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self._rows()[index]


class _Predictions(pandas.DataFrame):
    @property
    def _constructor(self) -> type:
        return _Predictions

    def to_dict(self, orient: str = "dict", *args: Any, **options: Any) -> Any:
        if orient == "records" and not args and not options:
            return FrameRecords(self)
        return super().to_dict(orient, *args, **options)


def keep_frames(function: Callable[..., Any]) -> None:
    """Makes a function that was written for a model's method answer with FrameRecords; others stay as they are."""
    names: dict[str, Any] = getattr(function, "__globals__", {})
    runner = names.get("runner")
    if not callable(runner) or type(names.get("pk")).__module__ != "snowflake.ml.model._packager.model_packager":
        return

    def run(*args: Any, **parameters: Any) -> Any:
        predictions = runner(*args, **parameters)
        return _Predictions(predictions) if isinstance(predictions, pandas.DataFrame) else predictions

    names["runner"] = run


def encode(parts: list[FrameRecords]) -> Records | None:
    """The records' values side by side; None where they are not all plain numbers and truth values."""
    first = parts[0].frame
    if any(not each.frame.dtypes.equals(first.dtypes) for each in parts):
        return None
    # Keys beyond ASCII have another order here than in the server.
    if not all(isinstance(key, str) and key.isascii() for key in first.columns) or not first.columns.is_unique:
        return None
    fields: dict[str, Column] = {}
    for index, key in enumerate(first.columns):
        column = _plain(numpy.concatenate([each.frame.iloc[:, index].to_numpy() for each in parts]))
        if column is None:
            return None
        fields[key] = column
    return Records(fields) if fields else None


def _plain(values: numpy.ndarray) -> Column | None:
    match values.dtype.kind:
        case "f" if numpy.isfinite(values).all():
            return raw("d", values.astype("<f8").tobytes())
        case "i":
            return raw("q", values.astype("<i8").tobytes())
        case "b":
            return raw("?", values.tobytes())
    return None
