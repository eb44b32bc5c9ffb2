"""One node of a training job as a process of its own, for test_collective: the job's code around data from a file.

Arguments: CSV of raw rows, folder for the model, timeout in seconds, and optionally ``fail`` to break off once all have met.
Prints ``ready`` just before it goes to meet the others.
"""

import os
import sys
from pathlib import Path

import pandas as pd

from mortgage_collective import meeting
from mortgage_columns import LABEL, compute_features
from mortgage_model import TrainingParameters, to_json
from mortgage_topology import read_topology
from mortgage_train_job import train_share


def main(data: str, folder: str, timeout: str, behaviour: str = "") -> None:
    topology = read_topology(os.environ)
    print("ready", flush=True)
    with meeting(topology, int(timeout)):
        if behaviour == "fail":
            raise RuntimeError("broken on purpose")
        raw = pd.read_csv(data)
        rows = compute_features(raw)
        rows[LABEL] = raw[LABEL].astype("int64")
        booster, count = train_share(rows, TrainingParameters(50, 4, 0.1), topology)
    assert count == len(raw)
    Path(folder, f"model-{topology.index}.json").write_bytes(to_json(booster))


if __name__ == "__main__":
    main(*sys.argv[1:])
