"""Starts a task graph on Snowflake and follows its run, through documented SQL and the Python connector alone.

EXECUTE TASK does not say which run it has started, so the run is recognised as the one that was not listed before.
https://docs.snowflake.com/en/sql-reference/sql/execute-task
https://docs.snowflake.com/en/sql-reference/functions/current_task_graphs
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import snowflake.connector
from snowflake.connector.cursor import DictCursor

#: How long a run may be listed nowhere, in seconds: just started, or between the runs under way and those that have ended.
PATIENCE = 90

_NAME = re.compile(r"[A-Z_][A-Z0-9_$]*")


class GraphRunError(RuntimeError):
    """A graph run that ended in another state than SUCCEEDED; the text names the task and its error."""


@dataclass(frozen=True)
class GraphRun:
    """What is known of a run: its state, and for each task that has begun its state and return value."""

    state: str
    tasks: Mapping[str, str]
    values: Mapping[str, str | None]
    error: str | None = None

    @property
    def ended(self) -> bool:
        return self.state in {"SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED"}

    def check(self) -> GraphRun:
        """This run, once it has ended well.

        Raises:
            GraphRunError: It has ended otherwise.
        """
        if self.ended and self.state != "SUCCEEDED":
            raise GraphRunError(f"the task graph ended as {self.state}: {self.error or 'no task reported an error'}")
        return self


class TaskGraph:
    """The task graph below a root task, reached by a connection of ``$SNOWFLAKE_HOME/connections.toml``.

    Each call opens a session of its own: the steps of an orchestrator may run in different processes.
    """

    def __init__(self, root: str = "SNOWBANK.PIPELINE.PREPARE_DATA", connection: str = "local") -> None:
        parts = root.upper().split(".")
        if len(parts) != 3 or not all(map(_NAME.fullmatch, parts)):
            raise ValueError(f"the root task must be given as DATABASE.SCHEMA.TASK, without quotes, not as {root!r}")
        self.root = ".".join(parts)
        self._database, self._schema, self._task = parts
        self._connection = connection

    def start(self, config: Mapping[str, object] | None = None) -> str:
        """Starts a run and returns its id (the graph run group); ``config`` holds for this run, over the graph's own."""
        with self._session() as execute:
            before = set(self._runs(execute))
            statement = f"EXECUTE TASK {self.root}"
            if config:
                execute(f"{statement} USING CONFIG = %s", [json.dumps(config)])
            else:
                execute(statement, [])
            give_up = time.monotonic() + PATIENCE
            while time.monotonic() < give_up:
                for run, row in self._runs(execute).items():
                    if run not in before and row["SCHEDULED_FROM"].replace("_", " ") == "EXECUTE TASK":
                        return run
                time.sleep(0.5)
        raise TimeoutError(f"Snowflake took EXECUTE TASK {self.root}, but lists no new run after {PATIENCE} seconds")

    def look(self, run: str) -> GraphRun:
        """How the run goes. With automatic retries it is the last attempt's state."""
        with self._session() as execute:
            row = self._runs(execute).get(run)
            if row is None:
                return GraphRun("UNLISTED", {}, {})
            history = execute(
                f"SELECT NAME, STATE, RETURN_VALUE FROM TABLE({self._database}.INFORMATION_SCHEMA.TASK_HISTORY("
                "ROOT_TASK_ID => %s, RESULT_LIMIT => 10000)) WHERE GRAPH_RUN_GROUP_ID = %s ORDER BY ATTEMPT_NUMBER",
                [row["ROOT_TASK_ID"], run],
            )
        error = None
        if row["FIRST_ERROR_TASK_NAME"]:
            error = f"{row['FIRST_ERROR_TASK_NAME']}: {row['FIRST_ERROR_MESSAGE']}"
        return GraphRun(
            row["STATE"],
            {task["NAME"]: task["STATE"] for task in history},
            {task["NAME"]: task["RETURN_VALUE"] for task in history},
            error,
        )

    def wait(self, run: str, tell: Callable[[str], None] = print, pause: float = 5) -> GraphRun:
        """Looks every ``pause`` seconds until the run has ended; ``tell`` gets a line for each change of a task's state.

        Raises:
            GraphRunError: It ended in another state than SUCCEEDED.
        """
        known: Mapping[str, str] = {}
        listed = time.monotonic()
        while True:
            seen = self.look(run)
            for task, state in seen.tasks.items():
                if known.get(task) != state:
                    tell(f"{task}: {state}")
            known = seen.tasks
            if seen.ended:
                return seen.check()
            if seen.state != "UNLISTED":
                listed = time.monotonic()
            elif time.monotonic() - listed > PATIENCE:
                raise LookupError(
                    f"run {run} of {self.root} is not listed any more; Snowflake lists what ended within the last hour"
                )
            time.sleep(pause)

    def _runs(self, execute: _Execute) -> dict[str, dict[str, Any]]:
        """Runs under way and those that ended within the last hour, by id; the last attempt of each."""
        found: dict[str, dict[str, Any]] = {}
        # In this order, so that a run that ends meanwhile is not missed.
        for source in ("CURRENT_TASK_GRAPHS", "COMPLETE_TASK_GRAPHS"):
            for row in execute(
                "SELECT GRAPH_RUN_GROUP_ID, ATTEMPT_NUMBER, STATE, SCHEDULED_FROM, ROOT_TASK_ID, FIRST_ERROR_TASK_NAME, "
                f"FIRST_ERROR_MESSAGE FROM TABLE({self._database}.INFORMATION_SCHEMA.{source}(ROOT_TASK_NAME => %s)) "
                "WHERE DATABASE_NAME = %s AND SCHEMA_NAME = %s",
                [self._task, self._database, self._schema],
            ):
                other = found.get(row["GRAPH_RUN_GROUP_ID"])
                if other is None or (row["ATTEMPT_NUMBER"] or 1) >= (other["ATTEMPT_NUMBER"] or 1):
                    found[row["GRAPH_RUN_GROUP_ID"]] = row
        return found

    @contextmanager
    def _session(self) -> Generator[_Execute]:
        with (
            closing(snowflake.connector.connect(connection_name=self._connection)) as connection,
            closing(connection.cursor(DictCursor)) as cursor,
        ):
            yield lambda statement, values: cursor.execute(statement, values).fetchall()


_Execute = Callable[[str, list[str]], list[dict[str, Any]]]
