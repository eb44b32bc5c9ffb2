"""Files that the steps of one run hand on: below ``<job stage>/runs/<version>/``."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from snowflake.snowpark import Session

MODEL = "model.json"
TRAINING = "training.json"
METRICS = "metrics.json"
JOB = "job.json"

_VERSION = re.compile(r"v\d{8}_\d{6}")


def version_of(moment: datetime) -> str:
    """Version of the run scheduled at ``moment``: ``v20241119_070640``. Dataset and model versions carry it."""
    return moment.strftime("v%Y%m%d_%H%M%S")


def is_version(text: str) -> bool:
    """``text`` is a version as :func:`version_of` makes them."""
    return _VERSION.fullmatch(text) is not None


def run_folder(job_stage: str, version: str) -> str:
    """Stage path of the run's files, without a trailing slash."""
    return f"{job_stage}/runs/{version}"


def write_bytes(session: Session, folder: str, name: str, content: bytes) -> None:
    """Puts ``content`` on the stage as ``folder/name``, replacing what is there."""
    session.file.put_stream(io.BytesIO(content), f"{folder}/{name}", auto_compress=False, overwrite=True)


def read_bytes(session: Session, folder: str, name: str) -> bytes:
    """Content of the stage file ``folder/name``.

    Raises:
        snowflake.snowpark.exceptions.SnowparkClientException: There is none.
    """
    with session.file.get_stream(f"{folder}/{name}") as stream:
        return stream.read()


def write_json(session: Session, folder: str, name: str, value: dict[str, object]) -> None:
    """As :func:`write_bytes`, a JSON object."""
    write_bytes(session, folder, name, json.dumps(value, indent=2, sort_keys=True).encode())


def read_json(session: Session, folder: str, name: str) -> dict[str, object]:
    """As :func:`read_bytes`, a JSON object."""
    value: object = json.loads(read_bytes(session, folder, name))
    if not isinstance(value, dict):
        raise ValueError(f"{folder}/{name} is not a JSON object")
    return cast("dict[str, object]", value)


def list_versions(session: Session, job_stage: str) -> list[str]:
    """Versions of which the stage has files, oldest first."""
    rows = session.sql(f"LIST {job_stage}/runs/").collect()
    found = (re.search(r"/runs/(v\d{8}_\d{6})/", f"/{row['name']}") for row in rows)
    return sorted({match.group(1) for match in found if match})
