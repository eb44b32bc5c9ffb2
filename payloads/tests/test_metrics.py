import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score

from mortgage_metrics import choose, classification_metrics
from mortgage_metrics_names import DENIAL_GAP_ACTUAL, DENIAL_GAP_PREDICTED, GATE_METRICS, TEST_ROWS


def flags(*values: int) -> NDArray[np.bool_]:
    return np.array(values, dtype="bool")


cases = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.2, 0.3, 0.49, 0.5, 0.7, 1.0]), st.booleans()), min_size=2, max_size=40
).filter(lambda rows: len({actual for actual, _, _ in rows}) == 2)


@given(cases)
def test_metrics_are_those_of_scikit_learn(rows: list[tuple[bool, float, bool]]) -> None:
    actual, probability, group = (np.array(column) for column in zip(*rows, strict=True))
    metrics = classification_metrics(actual, probability, group)
    predicted = probability >= 0.5
    assert metrics["test_accuracy"] == pytest.approx(accuracy_score(actual, predicted), abs=1e-6)
    precision = precision_score(actual, predicted, zero_division=0)  # pyright: ignore[reportArgumentType]
    assert metrics["test_precision"] == pytest.approx(precision, abs=1e-6)
    assert metrics["test_recall"] == pytest.approx(recall_score(actual, predicted), abs=1e-6)
    f1 = f1_score(actual, predicted, zero_division=0)  # pyright: ignore[reportArgumentType]
    assert metrics["test_f1"] == pytest.approx(f1, abs=1e-6)
    assert metrics["test_auc"] == pytest.approx(roc_auc_score(actual, probability), abs=1e-6)
    assert metrics[TEST_ROWS] == len(rows)


def test_the_gap_is_the_groups_denial_rate_minus_the_others() -> None:
    metrics = classification_metrics(
        actual=flags(1, 1, 0, 1, 0, 0, 0, 0),
        probability=np.array([0.9, 0.1, 0.1, 0.9, 0.1, 0.1, 0.9, 0.1]),
        group=flags(1, 1, 1, 1, 0, 0, 0, 0),
    )
    assert metrics[DENIAL_GAP_ACTUAL] == 0.75
    assert metrics[DENIAL_GAP_PREDICTED] == 0.25


def test_the_gap_is_zero_when_there_is_one_group_only() -> None:
    metrics = classification_metrics(flags(1, 0), np.array([0.9, 0.1]), flags(0, 0))
    assert metrics[DENIAL_GAP_ACTUAL] == metrics[DENIAL_GAP_PREDICTED] == 0.0


@pytest.mark.parametrize("actual", [[0, 0], [1, 1], []])
def test_a_test_split_with_one_outcome_only_is_refused(actual: list[int]) -> None:
    with pytest.raises(ValueError, match="both outcomes"):
        classification_metrics(flags(*actual), np.zeros(len(actual)), flags(*actual))


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 outcomes, 3 predictions"):
        classification_metrics(flags(1, 0), np.zeros(3), flags(1, 0))


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(GATE_METRICS))
def test_the_branch_is_promotion_exactly_from_the_threshold_up(value: float, threshold: float, metric: str) -> None:
    assert choose({metric: value}, metric, threshold) == ("promote_model" if value >= threshold else "send_alert")
