"""A notebook run top to bottom, as EXECUTE NOTEBOOK runs it: the first cell that fails ends the run.

https://docs.snowflake.com/en/sql-reference/sql/execute-notebook
"""

import json
import logging
import os
import sys
import types
from typing import Any

from snowflake_worker import procedure, tracebacks
from snowflake_worker.frames import FrameChannel, Header
from snowflake_worker.notebook_cell import PythonCell, SqlCell

Cell = dict[str, Any]


def perform(channel: FrameChannel, task: Header, payload: bytearray) -> int:
    """Answers with the notebook and the outputs of its cells; `error` is set when a cell failed."""
    me = os.getpid()
    notebook: dict[str, Any] = json.loads(payload)
    failure = _run(notebook, task)
    if os.getpid() != me:
        # A copy that a cell forked and let run on; the answer is the original's to give.
        return 0
    channel.send({"error": failure}, json.dumps(notebook, ensure_ascii=False, indent=1).encode())
    return 0


def _run(notebook: dict[str, Any], task: Header) -> dict[str, Any] | None:
    cells = [(number, cell) for number, cell in enumerate(notebook["cells"], start=1) if cell["cell_type"] == "code"]
    for _, cell in cells:
        cell["outputs"] = []
        cell["execution_count"] = None
    # Programs ask for the active session; this makes it.
    session = procedure.open_session(task["connection"])
    # What the client says of itself (results come as JSON) is no output of a cell.
    logging.getLogger("snowflake").setLevel(logging.ERROR)
    # Functions and classes of cells are pickled by value, as those of a program's own file.
    namespace = types.ModuleType("__main__")
    sys.modules["__main__"] = namespace
    sys.argv = list(task["arguments"])
    for count, (number, cell) in enumerate(cells, start=1):
        name: str = _metadata(cell).get("name") or f"cell{number}"
        source = "".join(cell["source"])
        run = (SqlCell if _is_sql(cell) else PythonCell)(name, source, session, namespace.__dict__)
        cell["execution_count"] = count
        try:
            run.run()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - cells may raise anything
            described = tracebacks.describe(error, None)
            cell["outputs"] = [*run.outputs(count), _error(described)]
            return {"cell": name, "number": number, **described}
        cell["outputs"] = run.outputs(count)
    return None


def _metadata(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _is_sql(cell: Cell) -> bool:
    return str(_metadata(cell).get("language", "")).lower() == "sql"


def _error(described: dict[str, Any]) -> dict[str, Any]:
    lines = str(described["traceback"]).splitlines()
    return {"output_type": "error", "ename": described["type"], "evalue": described["message"], "traceback": lines}
