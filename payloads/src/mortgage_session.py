"""A Snowpark session for the commands, from the connections file that every Snowflake client reads."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from mortgage_config import ConfigError
from mortgage_sql import identifier

if TYPE_CHECKING:
    from snowflake.snowpark import Session

    from mortgage_environments import Environment


@contextmanager
def open_session(place: Environment, role: str | None = None, connection: str | None = None) -> Generator[Session]:
    """A session with the environment's role, warehouse, database and schema in use; closed at the end of the block.

    ``connection`` names one of ``$SNOWFLAKE_HOME/connections.toml``, by default the environment's; ``role`` replaces its role.
    """
    from snowflake.connector.errors import Error as SnowflakeError
    from snowflake.snowpark import Session
    from snowflake.snowpark.exceptions import SnowparkClientException

    try:
        session = Session.builder.config("connection_name", connection or place.connection).create()
    except SnowflakeError as error:
        if "connection_name" not in str(error):
            raise
        raise ConfigError(f"{error}; is SNOWFLAKE_HOME the folder of the connections.toml that you mean?") from error
    try:
        session.use_role(identifier(role or place.role))
        session.use_warehouse(place.config.warehouse)
        session.use_database(place.config.database)
        session.use_schema(place.config.schema)
        yield session
    finally:
        # An error while closing would hide the one that led here.
        with suppress(SnowparkClientException):
            session.close()
