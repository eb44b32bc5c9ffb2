import numpy as np
import pandas as pd
import pytest

from mortgage_columns import FEATURE_NAMES, LABEL, compute_features
from mortgage_data import raw_rows, read_hdma
from mortgage_model import TrainingParameters, denial_probability, from_json, to_json, to_matrix, train


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    raw = raw_rows(read_hdma())
    features = compute_features(raw)
    features[LABEL] = raw[LABEL].astype("int64")
    return features


def test_the_model_read_back_predicts_as_it_did_and_knows_its_features(rows: pd.DataFrame) -> None:
    booster = train(rows, TrainingParameters(20, 3, 0.3))
    classifier = from_json(to_json(booster))
    probability = denial_probability(classifier, rows)
    assert probability.shape == (len(rows),)
    assert np.allclose(probability, booster.predict(to_matrix(rows)), atol=1e-6)
    assert list(classifier.feature_names_in_) == list(FEATURE_NAMES)
    assert booster.num_boosted_rounds() == 20


def test_training_twice_gives_the_same_bytes(rows: pd.DataFrame) -> None:
    parameters = TrainingParameters(10, 4, 0.1)
    assert to_json(train(rows, parameters)) == to_json(train(rows, parameters))


def test_more_rounds_fit_the_training_rows_better(rows: pd.DataFrame) -> None:
    actual = rows[LABEL].to_numpy()

    def loss(rounds: int) -> float:
        p = denial_probability(from_json(to_json(train(rows, TrainingParameters(rounds, 4, 0.1)))), rows)
        return float(-np.mean(np.where(actual == 1, np.log(p), np.log(1 - p))))

    assert loss(60) < loss(5) < float(np.log(2))


def test_the_column_order_of_the_rows_does_not_matter(rows: pd.DataFrame) -> None:
    classifier = from_json(to_json(train(rows, TrainingParameters(5, 3, 0.3))))
    assert np.array_equal(denial_probability(classifier, rows), denial_probability(classifier, rows[rows.columns[::-1]]))


def test_data_that_lack_a_column_or_rows_are_refused(rows: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="lack the column SINGLE"):
        to_matrix(rows.drop(columns="SINGLE"))
    with pytest.raises(ValueError, match="no rows"):
        to_matrix(rows.head(0))
