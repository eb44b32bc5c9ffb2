"""The metrics of a model monitor, worked out with scikit-learn, scipy and numpy."""

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance
from sklearn import metrics

RANGE = "'2026-01-01'::timestamp_ntz, '2026-02-01'::timestamp_ntz"
PERFORMANCE = {
    "DENIAL": {
        "ROC_AUC": ("P", lambda truth, said: metrics.roc_auc_score(truth, said)),
        "CLASSIFICATION_ACCURACY": ("C", metrics.accuracy_score),
        "PRECISION": ("C", metrics.precision_score),
        "RECALL": ("C", metrics.recall_score),
        "F1_SCORE": ("C", metrics.f1_score),
    },
    "PRICE": {
        "RMSE": ("P", metrics.root_mean_squared_error),
        "MAE": ("P", metrics.mean_absolute_error),
        "MAPE": ("P", metrics.mean_absolute_percentage_error),
        "MSE": ("P", metrics.mean_squared_error),
    },
    "SPECIES": {
        "CLASSIFICATION_ACCURACY": ("C", metrics.accuracy_score),
        "MACRO_AVERAGE_PRECISION": ("C", lambda truth, said: metrics.precision_score(truth, said, average="macro")),
        "MACRO_AVERAGE_RECALL": ("C", lambda truth, said: metrics.recall_score(truth, said, average="macro")),
        "MICRO_AVERAGE_PRECISION": ("C", lambda truth, said: metrics.precision_score(truth, said, average="micro")),
        "MICRO_AVERAGE_RECALL": ("C", lambda truth, said: metrics.recall_score(truth, said, average="micro")),
    },
}
STATISTICS = {
    "COUNT": lambda values: values.notna().sum(),
    "COUNT_NULL": lambda values: values.isna().sum(),
    "MIN": lambda values: values.min(),
    "MAX": lambda values: values.max(),
    "AVG": lambda values: values.mean(),
    "SUM": lambda values: values.sum(),
}


def shares(values, baseline):
    """How often each decile's range of the baseline, or each value, occurs in both; (2, k)."""
    values, baseline = values.dropna(), baseline.dropna()
    if pd.api.types.is_numeric_dtype(baseline) and not pd.api.types.is_bool_dtype(baseline):
        edges = np.unique(np.quantile(baseline, np.arange(1, 10) / 10))
        values, baseline = (pd.Series(np.searchsorted(edges, each, side="left")) for each in (values, baseline))
    kinds = sorted({*values, *baseline})
    return np.array([[np.mean(each == kind) for kind in kinds] for each in (values, baseline)])


def stability(values, baseline):
    p, q = np.maximum(shares(values, baseline), 1e-4)
    return float(np.sum((p - q) * np.log(p / q)))


DRIFT = {
    "JENSEN_SHANNON": lambda values, baseline: jensenshannon(*shares(values, baseline), base=2),
    "POPULATION_STABILITY_INDEX": stability,
    "WASSERSTEIN": lambda values, baseline: wasserstein_distance(values.dropna(), baseline.dropna()),
    "DIFFERENCE_OF_MEANS": lambda values, baseline: values.mean() - baseline.mean(),
}
NUMERIC_DRIFT = ("WASSERSTEIN", "DIFFERENCE_OF_MEANS")


def differences(session, name, data):
    """For each metric the largest difference from its value here, over days, all, and a segment."""
    found = {}
    for metric, (said, measure) in PERFORMANCE[name].items():

        def known(frame, said=said, measure=measure):
            frame = frame.dropna(subset=["TRUTH"])
            truth = frame["TRUTH"].astype(int) if name == "DENIAL" else frame["TRUTH"]
            return measure(truth, frame[said])

        found[metric] = compare(session, data, f"performance_metric('{name}_MONITOR', '{metric}'", known)
    numeric = [column for column in ("X", "N", "P") if column in data.log]
    for metric, measure in DRIFT.items():
        for column in numeric if metric in NUMERIC_DRIFT else [*numeric, "COLOUR", "FLAG"]:

            def drifted(frame, segment=None, column=column, measure=measure):
                baseline = data.baseline if segment is None else data.baseline[data.baseline["REGION"] == segment]
                return measure(frame[column], baseline[column])

            found[f"{metric} {column}"] = compare(
                session, data, f"drift_metric('{name}_MONITOR', '{metric}', '{column}'", drifted
            )
    for metric, measure in STATISTICS.items():
        found[f"{metric} X"] = compare(
            session, data, f"stat_metric('{name}_MONITOR', '{metric}', 'x'", lambda frame, measure=measure: measure(frame["X"])
        )
    return found


def compare(session, data, call, measure):
    """Largest relative difference; the days must be the same ones."""
    log = data.log
    segment = """'{"SEGMENTS": [{"column": "REGION", "value": "north"}]}'"""
    days = {day: measure(frame) for day, frame in log.groupby(log.TS.dt.date)}
    largest = off(session, f"{call}, '1 DAY', {RANGE})", days)
    within = log[log["REGION"] == "north"]
    day = pd.Timestamp("2026-01-01").date()
    largest = max(largest, off(session, f"{call}, 'ALL', {RANGE})", {day: measure(log)}))
    of_segment = measure(within, "north") if call.startswith("drift") else measure(within)
    return max(largest, off(session, f"{call}, 'ALL', {RANGE}, {segment})", {day: of_segment}))


def off(session, call, expected):
    rows = session.sql(f"select event_timestamp::date, metric_value from table(model_monitor_{call})").collect()
    found = {row[0]: row[1] for row in rows}
    if found.keys() != expected.keys():
        raise AssertionError(f"{call}: {sorted(found)} instead of {sorted(expected)}")
    return max(abs(found[key] - value) / max(1.0, abs(value)) for key, value in expected.items())
