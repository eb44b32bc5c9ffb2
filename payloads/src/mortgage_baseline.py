"""The pipeline without Snowflake: the same data, features, split, training and metrics in one process. A yardstick."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mortgage_config import PipelineConfig


def run_baseline(config: PipelineConfig) -> dict[str, object]:
    """Metrics, the branch they lead to, and wall-clock seconds of each part (imports included) and of all."""
    clock = _Laps()
    from mortgage_columns import GROUP, LABEL, LOAN_ID, compute_features
    from mortgage_data import raw_rows, read_hdma
    from mortgage_metrics import choose, classification_metrics
    from mortgage_model import TrainingParameters, denial_probability, from_json, to_json, train
    from mortgage_split import is_test

    clock.lap("import")
    raw = raw_rows(read_hdma())
    rows = compute_features(raw)
    rows[LABEL] = raw[LABEL].astype("int64")
    test = is_test(raw[LOAN_ID], config.test_share)
    clock.lap("prepare")
    model = to_json(train(rows[~test], TrainingParameters(config.rounds, config.max_depth, config.learning_rate)))
    clock.lap("train")
    metrics = classification_metrics(
        rows.loc[test, LABEL].to_numpy(dtype="int64") == 1,
        denial_probability(from_json(model), rows[test]),
        raw.loc[test, GROUP].to_numpy(dtype="bool"),
    )
    clock.lap("check")
    return {
        "metrics": metrics,
        "branch": choose(metrics, config.metric, config.threshold),
        "train_rows": int((~test).sum()),
        "seconds": clock.seconds,
    }


class _Laps:
    """Seconds between calls, by name, and from the first to the last."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = round(now - self._last, 4)
        self.seconds["total"] = round(now - self._start, 4)
        self._last = now
