"""Inference logs of three models: what was asked, what they said, and what was true."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

ROWS = 1200
DAYS = 4


@dataclass
class Scored:
    """Features with truths, the model, and (once scored) the log; the baseline is of another distribution."""

    rows: pd.DataFrame
    baseline: pd.DataFrame
    model: object
    log: pd.DataFrame | None = None


def features(seed, shift, count):
    """Numbers continuous and whole, texts and flags; some are missing."""
    random = np.random.default_rng(seed)
    x = random.random(count) ** (1 + shift)
    return pd.DataFrame(
        {
            "X": x,
            "N": random.integers(0, 5, count),
            "COLOUR": random.choice(["red", "green", "blue"], count, p=[0.5 - shift / 4, 0.25 + shift / 4, 0.25]),
            "FLAG": random.random(count) < 0.3 + shift / 3,
            "REGION": random.choice(["north", "south"], count),
            "NOISE": random.normal(size=count) / 5,
        }
    )


def everything():
    """The data and models by name, nothing scored yet."""
    rows, baseline = features(1, 0.7, ROWS), features(2, 0.0, 500)
    inputs = ["X", "N"]
    truths = {
        "DENIAL": lambda frame: ((frame.X + frame.NOISE) > 0.5).astype(int),
        "PRICE": lambda frame: 3 * frame.X + frame.N + frame.NOISE,
        "SPECIES": lambda frame: pd.cut(frame.X + frame.NOISE, [-9, 0.3, 0.6, 9], labels=["a", "b", "c"]).astype(str),
    }
    models = {"DENIAL": LogisticRegression(), "PRICE": LinearRegression(), "SPECIES": None}
    found = {}
    for name, truth in truths.items():
        parts = [frame.assign(TRUTH=truth(frame)) for frame in (rows, baseline)]
        if models[name] is not None:
            models[name].fit(parts[1][inputs], parts[1].TRUTH)
        found[name] = Scored(*parts, models[name])
    return found


def scored(name, frame, version):
    """The frame with what the registered model says."""
    if name == "SPECIES":
        return frame.assign(C=version.run(frame[["X"]], function_name="predict")["SPECIES"].to_numpy())
    inputs = frame[["X", "N"]]
    predicted = version.run(inputs, function_name="predict")["output_feature_0"].to_numpy()
    if name == "PRICE":
        return frame.assign(P=predicted)
    probability = version.run(inputs, function_name="predict_proba")["output_feature_1"].to_numpy()
    # Rounded, so that scores tie.
    return frame.assign(P=np.round(probability, 2), C=predicted)


def write_log(session, name, data, version):
    """The inference log and the baseline as tables; every tenth truth is not known yet, some features are missing."""
    log = scored(name, data.rows, version).drop(columns="NOISE")
    count = len(log)
    log.insert(0, "ID", np.arange(count))
    log.insert(1, "TS", pd.Timestamp("2026-01-05 06:00") + pd.to_timedelta(np.arange(count) * DAYS * 1440 // count, unit="min"))
    log["TRUTH"] = log["TRUTH"].where(np.arange(count) % 10 != 0)
    log["X"] = log["X"].where(np.arange(count) % 7 != 0)
    data.log = log
    data.baseline = scored(name, data.baseline, version).drop(columns="NOISE")
    for table, frame in ((f"{name}_LOG", log), (f"{name}_BASELINE", data.baseline)):
        session.write_pandas(frame, table, auto_create_table=True, use_logical_type=True)
