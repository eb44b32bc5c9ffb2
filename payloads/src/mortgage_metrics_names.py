"""Names of the metrics a trained model is measured by, on the test split. All but the last three: 0 to 1, higher is better."""

from __future__ import annotations

#: Metrics a gate may look at.
GATE_METRICS: tuple[str, ...] = ("test_accuracy", "test_precision", "test_recall", "test_f1", "test_auc")

#: Denial rate of black applicants minus that of the others, as decided by the model and as it was; -1 to 1.
DENIAL_GAP_PREDICTED = "test_denial_gap_predicted"
DENIAL_GAP_ACTUAL = "test_denial_gap_actual"
#: Loans in the test split.
TEST_ROWS = "test_rows"
