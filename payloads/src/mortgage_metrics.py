"""How good a trained model is on the test split, and how its denials differ between two groups of applicants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from mortgage_metrics_names import DENIAL_GAP_ACTUAL, DENIAL_GAP_PREDICTED, TEST_ROWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Task of the graph to go on with.
Branch = Literal["promote_model", "send_alert"]


def choose(metrics: dict[str, float], metric: str, threshold: float) -> Branch:
    """Promote when ``metric`` reaches ``threshold``, else alert."""
    return "promote_model" if metrics[metric] >= threshold else "send_alert"


def classification_metrics(
    actual: NDArray[np.bool_], probability: NDArray[np.floating], group: NDArray[np.bool_]
) -> dict[str, float]:
    """Metrics by name, each rounded to 6 digits.

    Args:
        actual: n flags, true where the application was denied.
        probability: n predicted probabilities of denial; from 0.5 up the model denies.
        group: n flags, true for the group whose denial rate is compared with the others'.

    Raises:
        ValueError: No rows, arrays of different length, or only one outcome in ``actual`` (AUC has no meaning then).
    """
    if not len(actual) == len(probability) == len(group):
        raise ValueError(f"{len(actual)} outcomes, {len(probability)} predictions and {len(group)} group flags")
    if not 0 < actual.sum() < len(actual):
        raise ValueError(f"the test split has {len(actual)} rows, {int(actual.sum())} of them denied; both outcomes are needed")
    predicted = probability >= 0.5
    true_denials = int((predicted & actual).sum())
    precision = true_denials / predicted.sum() if predicted.any() else 0.0
    recall = true_denials / actual.sum()
    metrics = {
        "test_accuracy": float((predicted == actual).mean()),
        "test_precision": float(precision),
        "test_recall": float(recall),
        "test_f1": float(2 * precision * recall / (precision + recall)) if true_denials else 0.0,
        "test_auc": _auc(actual, probability),
        DENIAL_GAP_PREDICTED: _gap(predicted, group),
        DENIAL_GAP_ACTUAL: _gap(actual, group),
        TEST_ROWS: float(len(actual)),
    }
    return {name: round(value, 6) for name, value in metrics.items()}


def _auc(actual: NDArray[np.bool_], probability: NDArray[np.floating]) -> float:
    """Share of (denied, not denied) pairs that the probabilities rank right, a tie counting half."""
    _, inverse, counts = np.unique(probability, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives = int(actual.sum())
    negatives = len(actual) - positives
    return float((ranks[actual].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _gap(denied: NDArray[np.bool_], group: NDArray[np.bool_]) -> float:
    """Denial rate inside the group minus outside; 0 where one of the two has no members."""
    if not group.any() or group.all():
        return 0.0
    return float(denied[group].mean() - denied[~group].mean())
