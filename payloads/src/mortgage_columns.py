"""The columns of the mortgage data: what is loaded, what a model may see, what it must not see.

One table of raw columns and one of features; the SQL of the raw table, the SQL of the feature view and the pandas
version of both are derived from them, so that a model trained without Snowflake sees the same numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LOAN_ID = "LOAN_ID"
APPLIED_AT = "APPLIED_AT"
LABEL = "DENIED"
#: The applicant's race. Never a feature; read only to report how denial rates differ between the two groups.
GROUP = "APPLICANT_BLACK"


@dataclass(frozen=True, slots=True)
class RawColumn:
    """A column of the raw table.

    Attributes:
        name: Column name in Snowflake.
        sql_type: Snowflake type, with NOT NULL where the data must have it.
        source: Column of ``Hdma`` it comes from; empty for the two columns that are added.
        comment: What it holds, with its unit.
    """

    name: str
    sql_type: str
    source: str
    comment: str


RAW_COLUMNS: tuple[RawColumn, ...] = (
    RawColumn(LOAN_ID, "NUMBER(38, 0) NOT NULL", "", "Number of the row in the published data, from 1"),
    RawColumn(APPLIED_AT, "TIMESTAMP_NTZ NOT NULL", "", "Time of application (UTC), assigned by a fixed rule"),
    RawColumn("DEBT_TO_INCOME", "FLOAT", "dir", "Debt payments as a share of income"),
    RawColumn("HOUSING_TO_INCOME", "FLOAT", "hir", "Housing expenses as a share of income"),
    RawColumn("LOAN_TO_VALUE", "FLOAT", "lvr", "Loan as a share of the assessed value of the property"),
    RawColumn("CONSUMER_CREDIT_SCORE", "FLOAT", "ccs", "1 (good) to 6 (bad)"),
    RawColumn("MORTGAGE_CREDIT_SCORE", "FLOAT", "mcs", "1 (good) to 4 (bad)"),
    RawColumn("PUBLIC_BAD_RECORD", "BOOLEAN", "pbcr", "Has a public bad credit record"),
    RawColumn("DENIED_INSURANCE", "BOOLEAN", "dmi", "Was denied mortgage insurance"),
    RawColumn("SELF_EMPLOYED", "BOOLEAN", "self", "Is self-employed"),
    RawColumn("SINGLE", "BOOLEAN", "single", "Is single"),
    RawColumn("UNEMPLOYMENT_RATE", "FLOAT", "uria", "Unemployment in the industry of the applicant, percent"),
    RawColumn("CONDOMINIUM", "BOOLEAN", "comdominiom", "The unit is a condominium"),
    RawColumn(GROUP, "BOOLEAN NOT NULL", "black", "The applicant is black; kept out of the features"),
    RawColumn(LABEL, "BOOLEAN NOT NULL", "deny", "The application was denied; the target"),
)

RAW_NAMES: tuple[str, ...] = tuple(column.name for column in RAW_COLUMNS)


@dataclass(frozen=True, slots=True)
class Feature:
    """A model input, always a FLOAT so that a missing value is NULL in SQL and NaN in pandas.

    Attributes:
        name: Column name in the feature view, the dataset and the model's signature.
        sql: Snowflake expression over the raw table.
        pandas: The same over a frame of raw columns: n rows in, n float64 values out.
        description: Shown in the Feature Store.
    """

    name: str
    sql: str
    pandas: Callable[[pd.DataFrame], pd.Series[float]]
    description: str


def _plain(name: str) -> Feature:
    """A raw number or flag as it is, as FLOAT."""
    column = next(column for column in RAW_COLUMNS if column.name == name)
    # TO_DOUBLE takes numbers, text and VARIANT but no BOOLEAN, hence the step over INTEGER.
    # https://docs.snowflake.com/en/sql-reference/functions/to_double
    sql = f"CAST(CAST({name} AS INTEGER) AS FLOAT)" if column.sql_type == "BOOLEAN" else f"CAST({name} AS FLOAT)"
    return Feature(name, sql, lambda raw: raw[name].astype("float64"), column.comment)


def _housing_share(raw: pd.DataFrame) -> pd.Series[float]:
    debt = raw["DEBT_TO_INCOME"].astype("float64")
    return raw["HOUSING_TO_INCOME"].astype("float64") / debt.where(debt != 0)


FEATURES: tuple[Feature, ...] = (
    _plain("DEBT_TO_INCOME"),
    _plain("HOUSING_TO_INCOME"),
    _plain("LOAN_TO_VALUE"),
    _plain("CONSUMER_CREDIT_SCORE"),
    _plain("MORTGAGE_CREDIT_SCORE"),
    _plain("PUBLIC_BAD_RECORD"),
    _plain("DENIED_INSURANCE"),
    _plain("SELF_EMPLOYED"),
    _plain("SINGLE"),
    _plain("UNEMPLOYMENT_RATE"),
    _plain("CONDOMINIUM"),
    Feature(
        "HOUSING_SHARE_OF_DEBT",
        "CAST(HOUSING_TO_INCOME / NULLIF(DEBT_TO_INCOME, 0) AS FLOAT)",
        _housing_share,
        "Housing expenses as a share of all debt payments; missing when there are none",
    ),
    Feature(
        "OTHER_DEBT_TO_INCOME",
        "CAST(DEBT_TO_INCOME - HOUSING_TO_INCOME AS FLOAT)",
        lambda raw: raw["DEBT_TO_INCOME"].astype("float64") - raw["HOUSING_TO_INCOME"].astype("float64"),
        "Debt payments other than housing as a share of income",
    ),
)

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)


def feature_version() -> str:
    """Version of the feature view: changes exactly when a feature's name, order or SQL does (``V_`` and 8 hex digits)."""
    text = "\n".join(f"{feature.name}={feature.sql}" for feature in FEATURES)
    return "V_" + hashlib.sha256(text.encode()).hexdigest()[:8].upper()


def compute_features(raw: pd.DataFrame) -> pd.DataFrame:
    """The features of ``raw`` (n rows, the raw columns) as n rows of float64, one column per feature."""
    import pandas as pd

    return pd.DataFrame({feature.name: feature.pandas(raw) for feature in FEATURES}, index=raw.index)
