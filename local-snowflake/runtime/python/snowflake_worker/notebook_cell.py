"""Cells of a notebook, and what they show.

https://docs.snowflake.com/en/user-guide/ui-snowsight/notebooks-develop-run
"""

import ast
import contextlib
import io
import linecache
from typing import Any

import jinja2

_SHOWN_ROWS = 10_000
_LARGEST_OUTPUT = 20 * 1024 * 1024
_templates = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)

Output = dict[str, Any]


class MagicError(SyntaxError):
    pass


class _Cell:
    def __init__(self, name: str, source: str, session: Any, namespace: dict[str, Any]) -> None:
        self.name = name
        self.source = source
        self.session = session
        self.namespace = namespace
        self.printed = io.StringIO()
        self.warned = io.StringIO()
        self.shown: dict[str, str] | None = None

    def run(self) -> None:
        with contextlib.redirect_stdout(self.printed), contextlib.redirect_stderr(self.warned):
            self._execute()

    def _execute(self) -> None:
        raise NotImplementedError

    def outputs(self, count: int) -> list[Output]:
        """In nbformat 4: what was printed, then the value of the last line."""
        found: list[Output] = [
            {"output_type": "stream", "name": stream, "text": text.splitlines(keepends=True)}
            for stream, text in (("stdout", self.printed.getvalue()), ("stderr", self.warned.getvalue()))
            if text
        ]
        if self.shown is not None:
            found.append({"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": self.shown})
        if sum(len(str(each)) for each in found) > _LARGEST_OUTPUT:
            return [
                {"output_type": "stream", "name": "stderr", "text": ["The output was larger than 20 MB and was dropped.\n"]}
            ]
        return found


class PythonCell(_Cell):
    def _execute(self) -> None:
        first = self.source.lstrip()[:1]
        if first in {"%", "!"}:
            raise MagicError(f"magic commands are not part of Python: {self.source.lstrip().splitlines()[0]}")
        file = f"<{self.name}>"
        # Tracebacks show the lines of the cell.
        linecache.cache[file] = (len(self.source), None, self.source.splitlines(keepends=True), file)
        tree = ast.parse(self.source, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file, "exec"), self.namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), file, "eval"), self.namespace)
            self.shown = None if value is None else _display(value)


class SqlCell(_Cell):
    def _execute(self) -> None:
        from snowflake.connector.errors import Error
        from snowflake.connector.util_text import split_statements

        text = _templates.from_string(self.source).render(self.namespace)
        cursor = self.session.connection.cursor()
        try:
            for statement, _ in split_statements(io.StringIO(text), remove_comments=False):
                if statement and statement.strip().rstrip(";").strip():
                    cursor.execute(statement)
        except Error as error:
            # The way through the connector says nothing to who wrote SQL.
            raise error.with_traceback(None) from None
        if cursor.sfqid is None:
            return
        result = SqlResult(self.session, cursor.sfqid)
        self.namespace[self.name] = result
        self.shown = _display(_frame(cursor))


class SqlResult:
    """The result of a SQL cell, by which later cells call it: `cell1.to_pandas()`, `SELECT * FROM {{cell1}}`."""

    def __init__(self, session: Any, query_id: str) -> None:
        self._session = session
        self._query_id = query_id

    def to_df(self) -> Any:
        return self._session.sql(f"SELECT * FROM {self}")

    def to_pandas(self) -> Any:
        return self.to_df().to_pandas()

    def __str__(self) -> str:
        return f"TABLE(RESULT_SCAN('{self._query_id}'))"


def _frame(cursor: Any) -> Any:
    import pandas

    return pandas.DataFrame(cursor.fetchmany(_SHOWN_ROWS), columns=[column.name for column in cursor.description])


def _display(value: Any) -> dict[str, str]:
    from snowflake.snowpark import DataFrame

    if isinstance(value, DataFrame):
        value = value.limit(_SHOWN_ROWS).to_pandas()
    shown = {"text/plain": repr(value)}
    html = getattr(type(value), "_repr_html_", None)
    if html is not None:
        text = html(value)
        if isinstance(text, str):
            shown["text/html"] = text
    return shown
