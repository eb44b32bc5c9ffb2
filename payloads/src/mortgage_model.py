"""Training, keeping and using the model, without any Snowflake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xgboost as xgb

from mortgage_columns import FEATURE_NAMES, LABEL

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


#: Up to so many values (rows times features) one thread trains fastest: more of them mostly wait for one another, and for as
#: long as the slowest, which on a machine with other work to do took a hundred times longer.
_ONE_THREAD_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class TrainingParameters:
    """How to train: boosting rounds, tree depth, step size (0 to 1]."""

    rounds: int
    max_depth: int
    learning_rate: float

    def for_xgboost(self) -> dict[str, str | int | float]:
        """Parameters of ``xgboost.train``, the same for one process and for many.

        Nothing random (no row or column sampling), so that a model depends on the data and on these numbers alone.
        """
        return {
            "objective": "binary:logistic",
            "eval_metric": "logloss",
            "tree_method": "hist",
            "max_depth": self.max_depth,
            "learning_rate": self.learning_rate,
        }


def to_matrix(rows: pd.DataFrame) -> xgb.DMatrix:
    """Training matrix of ``rows`` (n rows with the features and the label, 0/1 or boolean).

    Raises:
        ValueError: A column is missing, or there are no rows.
    """
    missing = [name for name in (*FEATURE_NAMES, LABEL) if name not in rows.columns]
    if missing:
        raise ValueError(f"the training data lack the column {', '.join(missing)}")
    if rows.empty:
        raise ValueError("the training data have no rows")
    return xgb.DMatrix(rows[list(FEATURE_NAMES)].astype("float64"), label=rows[LABEL].astype("float64"), nthread=_threads(rows))


def train(rows: pd.DataFrame, parameters: TrainingParameters) -> xgb.Booster:
    """A model trained on all of ``rows`` in this process (or on this process's shard, inside a collective)."""
    settings = {**parameters.for_xgboost(), "nthread": _threads(rows)}
    return xgb.train(settings, to_matrix(rows), num_boost_round=parameters.rounds)


def _threads(rows: pd.DataFrame) -> int:
    """Threads to work on ``rows`` with; -1 means all of the machine's."""
    return 1 if len(rows) * len(FEATURE_NAMES) <= _ONE_THREAD_VALUES else -1


def to_json(booster: xgb.Booster) -> bytes:
    """The model in XGBoost's JSON format: readable, and loading it runs no code."""
    return bytes(booster.save_raw(raw_format="json"))


def from_json(text: bytes) -> xgb.XGBClassifier:
    """The model as a scikit-learn classifier, the form the Model Registry takes."""
    classifier = xgb.XGBClassifier()
    classifier.load_model(bytearray(text))
    return classifier


def denial_probability(classifier: xgb.XGBClassifier, rows: pd.DataFrame) -> NDArray[np.float64]:
    """Probability that each of the n ``rows`` (with the feature columns) is denied, n values from 0 to 1."""
    features = rows[list(FEATURE_NAMES)].astype("float64")
    return np.asarray(classifier.predict_proba(features)[:, 1], dtype="float64")
