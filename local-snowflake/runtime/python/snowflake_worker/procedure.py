"""A stored procedure: a Snowpark session back to the server, the handler, its value.

https://docs.snowflake.com/en/developer-guide/stored-procedure/python/procedure-python-writing
"""

import os
import sys
from typing import Any

from snowflake_worker import cells, handler, tracebacks
from snowflake_worker.frames import FrameChannel, Header


def perform(channel: FrameChannel, task: Header, _payload: bytearray) -> int:
    me = os.getpid()
    imports = task["setting"].get("imports")
    try:
        answer = _call(task)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the user's code may raise anything
        answer = {"error": tracebacks.describe(error, imports)}
    if os.getpid() != me:
        # A copy that the handler forked and let run on; the answer is the original's to give.
        return 0
    # The server ends this process as soon as it has the answer.
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    channel.send(answer)
    return 0


def _call(task: Header) -> Header:
    timezone: str = task["timezone"]
    arguments = [cells.decode_cell(each["type"], timezone, each["cell"]) for each in task["arguments"]]
    function = handler.load(task["code"], task["handler"])
    session = open_session(task["connection"])
    value = function(session, *arguments)
    if "table" in task["returns"]:
        return _table(session, value)
    return {"cell": cells.encode_cell(task["returns"], timezone, value)}


def open_session(connection: dict[str, Any]) -> Any:
    """A Snowpark session back to the server, which is the active one from now on."""
    from snowflake.snowpark import Session

    options = {name: value for name, value in connection.items() if value is not None}
    return Session.builder.configs({**options, "authenticator": "oauth", "platform_detection_timeout_seconds": 0}).create()


def _table(session: Any, value: Any) -> Header:
    from snowflake.snowpark import DataFrame

    if value is None:
        return {"query": None}
    if not isinstance(value, DataFrame):
        raise cells.ConversionError(
            f"A procedure that RETURNS TABLE must return a Snowpark DataFrame, got {type(value).__name__}"
        )
    # The rows need not travel through this process: the server has them under the query's id.
    return {"query": session._conn.get_result_query_id(value._plan)}
