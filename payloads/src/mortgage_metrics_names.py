"""Names of metrics: of a trained model on the test split (all but its last three: 0 to 1, higher is better), and of drift."""

from __future__ import annotations

#: Metrics a gate may look at.
GATE_METRICS: tuple[str, ...] = ("test_accuracy", "test_precision", "test_recall", "test_f1", "test_auc")

#: Denial rate of black applicants minus that of the others, as decided by the model and as it was; -1 to 1.
DENIAL_GAP_PREDICTED = "test_denial_gap_predicted"
DENIAL_GAP_ACTUAL = "test_denial_gap_actual"
#: Loans in the test split.
TEST_ROWS = "test_rows"

#: What drift of a column can be measured by, as model monitors name it.
DRIFT_METRICS: tuple[str, ...] = ("POPULATION_STABILITY_INDEX", "JENSEN_SHANNON", "WASSERSTEIN", "DIFFERENCE_OF_MEANS")
