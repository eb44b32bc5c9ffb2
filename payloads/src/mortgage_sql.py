"""Text that goes into SQL, checked names and quoted literals, and the one row that comes out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from snowflake.snowpark import Session
    from snowflake.snowpark.exceptions import SnowparkSQLException

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,254}")
_STAGE_PATH = re.compile(r"@[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*){0,2}(/[\w.\-]+)*/?")


def identifier(name: str) -> str:
    """``name`` in upper case when it is an unquoted Snowflake identifier.

    Raises:
        ValueError: It is not (quoted and dotted names are refused as well).
    """
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} is not a Snowflake identifier (letters, digits, _ and $, not starting with a digit)")
    return name.upper()


def qualified(*names: str) -> str:
    """The checked names joined by dots."""
    return ".".join(identifier(name) for name in names)


def stage_path(path: str) -> str:
    """``path`` without a trailing slash when it is a stage path such as ``@DB.SCHEMA.STAGE/folder``.

    Raises:
        ValueError: It is not, or it has a ``..`` in it.
    """
    if not _STAGE_PATH.fullmatch(path) or ".." in path:
        raise ValueError(f"{path!r} is not a stage path such as @DB.SCHEMA.STAGE/folder")
    return path.rstrip("/")


def literal(text: str) -> str:
    """``text`` as a single-quoted SQL string.

    https://docs.snowflake.com/en/sql-reference/data-types-text#escape-sequences-in-single-quoted-string-constants
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def first_row(session: Session, statement: str) -> tuple[Any, ...]:
    """Runs ``statement`` and returns its first row."""
    return tuple(session.sql(statement).collect()[0])


def is_missing(error: SnowparkSQLException) -> bool:
    """The object does not exist (2003) or is not to be seen (2043); https://docs.snowflake.com/en/sql-reference/error-messages."""
    return error.sql_error_code in (2003, 2043)
