"""An exception's text as Snowflake shows it: the user's frames, paths of the task's files only."""

import os
import sys
import traceback
from typing import Any

_own = os.path.dirname(os.path.abspath(__file__))


def describe(error: BaseException, imports: str | None) -> dict[str, Any]:
    """What the server makes its answer of; `sql` is set for an error that a statement raised."""
    description: dict[str, Any] = {
        "type": type(error).__name__,
        "message": _public(str(error), imports),
        "traceback": text(error, imports),
    }
    code = getattr(error, "sql_error_code", None) or getattr(error, "errno", None)
    state = getattr(error, "sqlstate", None)
    if isinstance(code, int) and isinstance(state, str):
        description["sql"] = {"code": code, "sqlState": state}
    return description


def text(error: BaseException, imports: str | None) -> str:
    for each in _chain(error):
        each.__traceback__ = _user_part(each.__traceback__)
    return _public("".join(traceback.format_exception(error)), imports)


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is not None and each not in chain:
            chain.append(each)
            pending += [each.__cause__, each.__context__]
    return chain


def _user_part(trace: Any) -> Any:
    while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def _is_ours(path: str) -> bool:
    return path.startswith((_own, "<frozen importlib"))


def _public(message: str, imports: str | None) -> str:
    # Snowflake shows where a file lies in its sandbox; paths of this machine say nothing to the reader.
    shown_as = {
        imports: "/home/udf",
        os.environ.get("HOME"): "/tmp",
        sys.prefix: "/usr/lib/python_udf",
        sys.base_prefix: "/usr",
    }
    for path, shown in shown_as.items():
        if path:
            message = message.replace(path, shown)
    return message
