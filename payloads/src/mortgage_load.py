"""Loading a data file into the raw table: PUT, COPY INTO a temporary table, checks, MERGE.

The raw table changes in one statement, the last, so a file that is bad in any way leaves it as it was; loading the same file
twice leaves it as it was too.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from snowflake.snowpark.exceptions import SnowparkSQLException

from mortgage_columns import LOAN_ID, RAW_COLUMNS, RAW_NAMES
from mortgage_data import DataError, check_csv
from mortgage_protection import protect_raw_table
from mortgage_sql import first_row, literal, qualified

if TYPE_CHECKING:
    from snowflake.snowpark import Session

    from mortgage_config import PipelineConfig

# https://docs.snowflake.com/en/sql-reference/sql/copy-into-table#format-type-options-formattypeoptions
_FILE_FORMAT = "TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '\"' ERROR_ON_COLUMN_COUNT_MISMATCH = TRUE"


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did: rows in the file, rows new to the table and rows that replaced one, rows in the table now."""

    file_rows: int
    inserted: int
    updated: int
    table_rows: int


def create_raw_table(session: Session, config: PipelineConfig) -> None:
    """Creates the raw table unless it exists, and protects it before anything is in it; ``config`` is located."""
    columns = ", ".join(f"{column.name} {column.sql_type} COMMENT {literal(column.comment)}" for column in RAW_COLUMNS)
    session.sql(f"CREATE TABLE IF NOT EXISTS {config.raw_table_name} ({columns})").collect()
    protect_raw_table(session, config)


def load_file(session: Session, config: PipelineConfig, file: Path, stage: str | None = None) -> LoadResult:
    """Loads ``file`` (as ``data --out`` writes it) by way of ``stage``, a stage path, by default below the job stage.

    Raises:
        DataError: The file is missing, empty or malformed; the table is unchanged.
    """
    file_rows = check_csv(file)
    stage = stage or f"{config.job_stage}/data"
    create_raw_table(session, config)
    session.file.put(str(file.resolve()), stage, auto_compress=True, overwrite=True)
    loading = qualified(config.database, config.data_schema, f"LOAD_{uuid.uuid4().hex[:12]}")
    session.sql(f"CREATE TEMPORARY TABLE {loading} LIKE {config.raw_table_name}").collect()
    try:
        _copy(session, loading, f"{stage}/{file.name}.gz", file, config.raw_table_name)
        _check(session, loading, file, file_rows, config.raw_table_name)
        inserted, updated = _merge(session, loading, config.raw_table_name)
    finally:
        session.sql(f"DROP TABLE IF EXISTS {loading}").collect()
    (table_rows,) = first_row(session, f"SELECT COUNT(*) FROM {config.raw_table_name}")
    return LoadResult(file_rows, inserted, updated, table_rows)


def _copy(session: Session, loading: str, source: str, file: Path, table: str) -> None:
    try:
        session.sql(
            f"COPY INTO {loading} ({', '.join(RAW_NAMES)}) FROM {source} "
            f"FILE_FORMAT = ({_FILE_FORMAT}) ON_ERROR = ABORT_STATEMENT"
        ).collect()
    except SnowparkSQLException as error:
        if not _is_data_error(error):
            raise
        raise DataError(f"{file} is malformed: {error.message.rstrip('.')}. {table} is unchanged.") from error


def _check(session: Session, loading: str, file: Path, file_rows: int, table: str) -> None:
    rows, ids = first_row(session, f"SELECT COUNT(*), COUNT(DISTINCT {LOAN_ID}) FROM {loading}")
    if rows != file_rows:
        raise DataError(f"{file} has {file_rows} rows but {rows} were read from it. {table} is unchanged.")
    if ids != rows:
        raise DataError(f"{file} has {rows - ids} rows whose {LOAN_ID} another row has too. {table} is unchanged.")


def _merge(session: Session, loading: str, table: str) -> tuple[int, int]:
    """Rows inserted and rows updated."""
    updates = ", ".join(f"t.{name} = s.{name}" for name in RAW_NAMES if name != LOAN_ID)
    inserted, updated = first_row(
        session,
        f"MERGE INTO {table} t USING {loading} s ON t.{LOAN_ID} = s.{LOAN_ID} "
        f"WHEN MATCHED THEN UPDATE SET {updates} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(RAW_NAMES)}) VALUES ({', '.join(f's.{name}' for name in RAW_NAMES)})",
    )
    return int(inserted), int(updated)


def _is_data_error(error: SnowparkSQLException) -> bool:
    """The statement is right and the data are not: Snowflake numbers such errors from 100000 up."""
    return error.sql_error_code is not None and error.sql_error_code >= 100_000
