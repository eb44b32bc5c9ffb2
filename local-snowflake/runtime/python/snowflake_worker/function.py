"""Functions: batches of argument columns in, batches of cells out, until the server hangs up."""

import inspect
import json
import os
from collections.abc import Callable
from typing import Any

from snowflake_worker import cells, handler, tracebacks
from snowflake_worker.cells import Cell
from snowflake_worker.frames import ConnectionGoneError, FrameChannel, Header

Batch = dict[str, Any]


def perform(channel: FrameChannel, task: Header) -> int:
    me = os.getpid()
    imports = task["setting"].get("imports")
    try:
        answer = _loaded(task)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code may raise anything
        channel.send({"error": tracebacks.describe(error, imports)})
        return 0
    while True:
        try:
            _, payload = channel.receive()
        except ConnectionGoneError:
            return 0
        header: Header = {}
        result = b""
        try:
            result = json.dumps(answer(json.loads(payload)), ensure_ascii=False, separators=(",", ":")).encode()
        except (Exception, SystemExit) as error:  # noqa: BLE001
            header = {"error": tracebacks.describe(error, imports)}
        if os.getpid() != me:
            return 0
        channel.send(header, result)


def _loaded(task: Header) -> Callable[[Batch], Any]:
    function = handler.load(task["code"], task["handler"])
    if "table" in task["returns"]:
        from snowflake_worker import table_function

        return table_function.answer(function, task)
    if getattr(function, "_sf_vectorized_input", None) is not None:
        from snowflake_worker import vectorized

        return vectorized.answer(function, task)
    return _scalar(function, task)


def _scalar(function: Callable[..., Any], task: Header) -> Callable[[Batch], list[Cell]]:
    timezone: str = task["timezone"]
    arguments: list[cells.SqlType] = task["arguments"]
    returns: cells.SqlType = task["returns"]
    _check_arity(function, len(arguments), task["handler"])

    def answer(batch: Batch) -> list[Cell]:
        columns = [
            cells.decode_column(sql_type, timezone, column)
            for sql_type, column in zip(arguments, batch["columns"], strict=True)
        ]
        # One comprehension: nothing but the function's own call is paid for each row.
        if not columns:
            values = [function() for _ in range(batch["rows"])]
        elif len(columns) == 1:
            values = [function(value) for value in columns[0]]
        else:
            values = [function(*row) for row in zip(*columns, strict=True)]
        return cells.encode_column(returns, timezone, values)

    return answer


def _check_arity(function: Callable[..., Any], count: int, name: str) -> None:
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError as error:
        raise TypeError(f"Handler {name} does not take the function's {count} argument(s): {error}") from None
    except ValueError:
        return
