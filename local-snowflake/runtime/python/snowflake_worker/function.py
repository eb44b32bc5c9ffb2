"""Functions: batches of argument columns in, columns of results out, until the server hangs up."""

import inspect
import os
from collections.abc import Callable
from typing import Any

from snowflake_worker import columns, handler, tracebacks
from snowflake_worker.cells import SqlType
from snowflake_worker.columns import Column, Records
from snowflake_worker.frames import ConnectionGoneError, FrameChannel, Header

#: What a function does with a batch: the batch's header, its argument columns, the columns of its results.
Answer = Callable[[Header, list[Column]], list[Column | Records]]


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
            batch, payload = channel.receive()
        except ConnectionGoneError:
            return 0
        header: Header = {}
        result = b""
        try:
            header["columns"], result = columns.write(answer(batch, columns.read(batch["columns"], payload)))
        except (Exception, SystemExit) as error:  # noqa: BLE001
            header = {"error": tracebacks.describe(error, imports)}
        if os.getpid() != me:
            return 0
        channel.send(header, result)


def _loaded(task: Header) -> Answer:
    function = handler.load(task["code"], task["handler"])
    if "table" in task["returns"]:
        from snowflake_worker import table_function

        return table_function.answer(function, task)
    if getattr(function, "_sf_vectorized_input", None) is not None:
        from snowflake_worker import vectorized

        return vectorized.answer(function, task)
    return _scalar(function, task)


def _scalar(function: Callable[..., Any], task: Header) -> Answer:
    timezone: str = task["timezone"]
    arguments: list[SqlType] = task["arguments"]
    returns: SqlType = task["returns"]
    _check_arity(function, len(arguments), task["handler"])

    def answer(batch: Header, given: list[Column]) -> list[Column | Records]:
        decoded = [columns.decode(sql_type, timezone, column) for sql_type, column in zip(arguments, given, strict=True)]
        # One comprehension: nothing but the function's own call is paid for each row.
        if not decoded:
            values = [function() for _ in range(batch["rows"])]
        elif len(decoded) == 1:
            values = [function(value) for value in decoded[0]]
        else:
            values = [function(*row) for row in zip(*decoded, strict=True)]
        return [columns.encode(returns, timezone, values)]

    return answer


def _check_arity(function: Callable[..., Any], count: int, name: str) -> None:
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError as error:
        raise TypeError(f"Handler {name} does not take the function's {count} argument(s): {error}") from None
    except ValueError:
        return
