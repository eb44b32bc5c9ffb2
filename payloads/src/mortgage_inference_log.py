"""The inference log: what the model was asked about each loan, what it said, and when. The scoring task writes it.

The columns are said here once: the stack takes them, with the relation that holds the features, from the manifest.
"""

from __future__ import annotations

from mortgage_columns import FEATURE_NAMES, LOAN_ID, feature_version

FEATURE_VIEW = "MORTGAGE_FEATURES"
SCORED_AT = "SCORED_AT"
MODEL_VERSION = "MODEL_VERSION"
#: Probability of denial, 0 to 1, and what follows from it, 0 or 1.
PROBABILITY = "PROBABILITY"
PREDICTION = "PREDICTION"
#: A loan with a probability from here up is predicted to be denied.
THRESHOLD = 0.5
#: The model's function that scores, and the field of its answer with the probability of denial.
FUNCTION = "predict_proba"
OUTPUT = "output_feature_1"


def feature_relation(view: str) -> str:
    """Name of the dynamic table that keeps the feature view's features up to date."""
    return f"{view}${feature_version()}"


def scoring(view: str) -> dict[str, object]:
    """What the scoring task needs to know, for the manifest."""
    return {
        "source": feature_relation(view),
        "id": LOAN_ID,
        "features": list(FEATURE_NAMES),
        "function": FUNCTION,
        "output": OUTPUT,
        "scoredAt": SCORED_AT,
        "version": MODEL_VERSION,
        "score": PROBABILITY,
        "class": PREDICTION,
        "threshold": THRESHOLD,
    }
