"""What is said of drift, and which columns the scoring task and the monitor share."""

from datetime import datetime

import pytest

from mortgage_columns import FEATURE_NAMES, LOAN_ID
from mortgage_config import ConfigError, PipelineConfig
from mortgage_drift import Drift, message
from mortgage_inference_log import feature_relation, scoring


def test_the_message_names_model_metric_limit_and_monitor() -> None:
    config = PipelineConfig(database="SNOWBANK", schema="PIPELINE", drift_limit=0.25)
    text = message(config, Drift(datetime(2026, 3, 1), 0.31234, 2381))
    assert text == (
        "MORTGAGE_MODEL: POPULATION_STABILITY_INDEX of PROBABILITY is 0.3123 on 2026-03-01 (2381 rows), "
        "above the limit 0.25. See model monitor SNOWBANK.PIPELINE.MORTGAGE_MONITOR."
    )


def test_the_stack_scores_the_models_own_features() -> None:
    told = scoring("VIEW")
    assert told["source"] == feature_relation("VIEW")
    assert told["features"] == list(FEATURE_NAMES)
    assert told["id"] == LOAN_ID
    assert len({str(told[key]) for key in ("id", "scoredAt", "version", "score", "class")} | set(FEATURE_NAMES)) == 5 + len(
        FEATURE_NAMES
    )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"drift_metric": "PSI"}, "drift_metric must be one of POPULATION_STABILITY_INDEX, JENSEN_SHANNON"),
        ({"drift_limit": -0.1}, "drift_limit must be a number from 0 to 1000"),
        ({"drift_days": 0}, "drift_days must be a whole number from 1 to 365"),
        ({"refresh_interval": "often"}, "refresh_interval must be a number of minutes, hours or days"),
        ({"refresh_interval": "1 hour'; DROP"}, "refresh_interval must be"),
        ({"drift_column": "P; DROP"}, "drift_column"),
    ],
)
def test_what_cannot_be_watched_is_refused(values: dict[str, object], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        PipelineConfig.from_mapping(values)
