import re

import numpy as np
import pandas as pd
import pytest

import mortgage_columns
from mortgage_columns import FEATURE_NAMES, FEATURES, GROUP, LABEL, LOAN_ID, RAW_NAMES, compute_features, feature_version
from mortgage_data import raw_rows, read_hdma


@pytest.fixture(scope="module")
def raw() -> pd.DataFrame:
    return raw_rows(read_hdma())


def test_neither_race_nor_outcome_nor_id_reaches_a_feature(raw: pd.DataFrame) -> None:
    assert not {GROUP, LABEL, LOAN_ID} & set(FEATURE_NAMES)
    for feature in FEATURES:
        names = set(re.findall(r"[A-Z_]+", feature.sql))
        assert not names & {GROUP, LABEL, LOAN_ID}, feature.name
    flipped = raw.assign(**{GROUP: ~raw[GROUP], LABEL: ~raw[LABEL]})
    pd.testing.assert_frame_equal(compute_features(flipped), compute_features(raw))


def test_a_features_sql_uses_raw_columns_only() -> None:
    words = {"CAST", "AS", "FLOAT", "INTEGER", "NULLIF"}
    for feature in FEATURES:
        assert set(re.findall(r"[A-Z_]+", feature.sql)) - words <= set(RAW_NAMES), feature.name


def test_features_are_numbers_and_missing_where_the_data_are(raw: pd.DataFrame) -> None:
    features = compute_features(raw)
    assert list(features.columns) == list(FEATURE_NAMES)
    assert set(features.dtypes) == {np.dtype("float64")}
    assert features.index.equals(raw.index)
    assert features["PUBLIC_BAD_RECORD"].isna().sum() == 1
    # The one application with no debt payments at all.
    assert features["HOUSING_SHARE_OF_DEBT"].isna().sum() == (raw["DEBT_TO_INCOME"] == 0).sum() == 1
    assert features["OTHER_DEBT_TO_INCOME"].iloc[1] == pytest.approx(0.0)
    assert features["HOUSING_SHARE_OF_DEBT"].iloc[2] == pytest.approx(0.248 / 0.372, rel=1e-6)


def test_the_version_follows_the_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    before = feature_version()
    assert re.fullmatch(r"V_[0-9A-F]{8}", before)
    monkeypatch.setattr(mortgage_columns, "FEATURES", FEATURES[:-1])
    assert feature_version() != before


def test_descriptions_can_stand_in_the_feature_stores_sql() -> None:
    """The Feature Store client puts descriptions between single quotes as they are."""
    assert not [feature.name for feature in FEATURES if "'" in feature.description]
