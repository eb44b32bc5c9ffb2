"""One method of a served model: a request's JSON in, the answer's JSON out.

Three forms are taken: `dataframe_split`, `dataframe_records`, and `data`, the rows that service functions send; every answer
is of the last form, `{"data": [[row number, outputs], ...]}`.
https://docs.snowflake.com/en/developer-guide/snowflake-ml/inference/real-time-inference-rest-api
"""

import datetime
import decimal
import functools
import inspect
import json
from collections.abc import Callable
from typing import Any

import anyio
import numpy
import pandas

_FORMS = ("dataframe_split", "dataframe_records", "data")


class RequestError(Exception):
    """A request that does not fit the method; the caller's fault."""


class InferenceMethod:
    """`call` is the model's method, `signature` the one it was logged with."""

    def __init__(self, name: str, call: Callable[..., Any], signature: Any) -> None:
        self._name = name
        self._call = functools.partial(anyio.run, call) if inspect.iscoroutinefunction(call) else call
        self._columns: list[str] = [feature.name for feature in signature.inputs]
        self._dtypes = {feature.name: feature.as_dtype() for feature in signature.inputs}
        self._parameters = {spec.name: spec for spec in getattr(signature, "params", None) or []}

    def answer(self, body: bytes) -> bytes:
        request = self._read(body)
        numbers, frame, arguments = self._frame(request)
        if len(frame) == 0:
            return b'{"data":[]}'
        outputs = self._call(self._typed(frame), **arguments)
        records = outputs.replace({pandas.NA: None, numpy.nan: None}).to_dict("records")
        if len(records) != len(numbers):
            raise ValueError(f"Method {self._name} returned {len(records)} rows for {len(numbers)}")
        rows = [[number, record] for number, record in zip(numbers, records, strict=True)]
        return json.dumps({"data": rows}, default=_plain, separators=(",", ":"), allow_nan=False).encode()

    @property
    def columns(self) -> list[str]:
        return self._columns

    def predict(self, frame: pandas.DataFrame, parameters: Any) -> pandas.DataFrame:
        """Outputs for a frame that has the method's columns."""
        arguments = self._arguments(parameters)
        return self._call(self._typed(frame), **arguments)

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            request = json.loads(body)
        except ValueError as error:
            raise RequestError(f"The request's body is not JSON: {error}") from None
        if not isinstance(request, dict) or sum(form in request for form in _FORMS) != 1:
            raise RequestError(f"The request's body must be an object with one of {', '.join(_FORMS)}")
        return request

    def _frame(self, request: dict[str, Any]) -> tuple[list[Any], pandas.DataFrame, dict[str, Any]]:
        arguments = self._arguments(request.get("params"))
        if "data" in request:
            numbers, frame, given = self._numbered(request["data"])
            return numbers, frame, {**arguments, **given}
        try:
            if "dataframe_split" in request:
                split = request["dataframe_split"]
                frame = pandas.DataFrame(split["data"], columns=split["columns"])
            else:
                frame = pandas.DataFrame.from_records(request["dataframe_records"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RequestError(f"The request's data frame cannot be read: {type(error).__name__}: {error}") from None
        missing = [name for name in self._columns if name not in frame.columns]
        if missing and len(frame) > 0:
            raise RequestError(f"The request has no column {', '.join(missing)}; {self._name} takes {', '.join(self._columns)}")
        return list(range(len(frame))), frame.reindex(columns=self._columns), arguments

    def _numbered(self, rows: Any) -> tuple[list[Any], pandas.DataFrame, dict[str, Any]]:
        if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
            raise RequestError("data must be a list of rows, each a row number and the values behind it")
        values: list[Any] = [row[1:] for row in rows]
        if len(self._columns) != 1 and all(len(row) == 1 and isinstance(row[0], dict) for row in values):
            # More arguments than a function can have come as one object.
            values = [[row[0].get(name) for name in self._columns] for row in values]
        width = len(self._columns)
        given: dict[str, Any] = {}
        if self._parameters and values and all(len(row) == width + len(self._parameters) for row in values):
            # Calls in SQL have the parameters behind the inputs, in each row.
            given = self._constant([row[width:] for row in values])
            values = [row[:width] for row in values]
        wrong = next((row for row in values if len(row) != width), None)
        if wrong is not None:
            raise RequestError(
                f"A row has {len(wrong)} values; {self._name} takes {len(self._columns)}: {', '.join(self._columns)}"
            )
        return [row[0] for row in rows], pandas.DataFrame(values, columns=self._columns), given

    def _constant(self, rows: list[list[Any]]) -> dict[str, Any]:
        """Parameters of rows that all have the same; NULL is the parameter's default."""
        if any(row != rows[0] for row in rows):
            raise RequestError(f"All rows must have the same values for {', '.join(self._parameters)}")
        return self._arguments(dict(zip(self._parameters, rows[0], strict=True)))

    def _typed(self, frame: pandas.DataFrame) -> pandas.DataFrame:
        try:
            return frame.astype(dtype=self._dtypes)
        except (TypeError, ValueError) as error:
            raise RequestError(f"The request's values do not have the types of {self._name}'s signature: {error}") from None

    def _arguments(self, given: Any) -> dict[str, Any]:
        if given is not None and not isinstance(given, dict):
            raise RequestError("params must be an object")
        unknown = [name for name in given or {} if name not in self._parameters]
        if unknown:
            raise RequestError(f"{self._name} has no parameter {', '.join(unknown)}")
        return {
            name: spec.default_value if (given or {}).get(name) is None else (given or {})[name]
            for name, spec in self._parameters.items()
        }


def _plain(value: Any) -> Any:
    if isinstance(value, numpy.generic):
        return value.item()
    if isinstance(value, numpy.ndarray):
        return value.tolist()
    if isinstance(value, pandas.Timestamp | datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"the model returned a {type(value).__name__}, which has no JSON form")
