"""The training job: entry point of the ML job that TRAIN_MODEL submits.

Started on every node of the job, the nodes train one model together; started on the first node of several, it hands the work to
Snowflake's distributor; on a single node it trains alone. Node 0 puts model and facts about the training on the job's stage.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from mortgage_collective import meeting, own_rows
from mortgage_columns import FEATURE_NAMES, LABEL
from mortgage_model import TrainingParameters, to_json, train
from mortgage_run_files import MODEL, TRAINING, write_bytes, write_json
from mortgage_topology import Topology, read_topology

if TYPE_CHECKING:
    import pandas as pd
    import xgboost as xgb
    from snowflake.ml.dataset import Dataset
    from snowflake.snowpark import Session

#: How long nodes wait for one another, data loading included.
MEETING_SECONDS = 600


def main(arguments: Sequence[str] | None = None) -> dict[str, object]:
    """Trains on a dataset version and keeps the model; returns the facts that node 0 keeps beside it."""
    options = _parse(arguments)
    parameters = TrainingParameters(options.rounds, options.max_depth, options.learning_rate)
    topology = read_topology(os.environ)
    print(f"node {topology.index} of {topology.count}: training on {options.dataset} {options.version}", flush=True)
    with meeting(topology, MEETING_SECONDS) if topology.together else nullcontext():
        session = _session()
        dataset = _open(session, options.dataset, options.version)
        started = time.monotonic()
        if topology.count > 1 and not topology.together:
            booster, rows, mode = _train_distributed(dataset, parameters), None, "distributor"
        else:
            booster, rows = train_share(dataset.read.to_pandas(), parameters, topology)
            mode = "collective" if topology.together else "single"
        seconds = time.monotonic() - started
    facts: dict[str, object] = {
        "dataset": options.dataset,
        "version": options.version,
        "instances": topology.count,
        "mode": mode,
        "rows": rows,
        "rounds": booster.num_boosted_rounds(),
        "seconds": round(seconds, 3),
    }
    if topology.index == 0:
        write_bytes(session, options.output, MODEL, to_json(booster))
        write_json(session, options.output, TRAINING, facts)
        print(f"model written to {options.output}/{MODEL}: {facts}", flush=True)
    return facts


def train_share(rows: pd.DataFrame, parameters: TrainingParameters, topology: Topology) -> tuple[xgb.Booster, int]:
    """Trains on this node's share of ``rows``; returns the model and the number of rows over all nodes.

    Rows are ordered by their features first: the files of a dataset may be read in any order, and the shares of the nodes must
    neither overlap nor leave a row out.
    """
    rows = rows.sort_values([*FEATURE_NAMES, LABEL], kind="stable", ignore_index=True)
    share = own_rows(rows, topology) if topology.together else rows
    return train(share, parameters), len(rows)


def _train_distributed(dataset: Dataset, parameters: TrainingParameters) -> xgb.Booster:
    """Trains on all nodes at once; https://docs.snowflake.com/en/developer-guide/snowflake-ml/distributed-training ."""
    try:
        from snowflake.ml.modeling.distributors.xgboost import XGBEstimator  # pyright: ignore
    except ImportError:
        raise RuntimeError(
            "the job has several instances but runs its entry point on the first alone, and this runtime has no "
            "snowflake.ml.modeling.distributors to reach the others; submit the job with parallel=True"
        ) from None
    estimator = XGBEstimator(n_estimators=parameters.rounds, params=parameters.for_xgboost())
    return estimator.fit(dataset.read, input_cols=list(FEATURE_NAMES), label_col=LABEL)


def _session() -> Session:
    """The job's own session: its launcher has made one already."""
    from snowflake.snowpark import Session

    return Session.builder.getOrCreate()


def _open(session: Session, dataset: str, version: str) -> Dataset:
    from snowflake.ml.dataset import load_dataset

    return load_dataset(session, dataset, version)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the mortgage model on a dataset version.")
    parser.add_argument("--dataset", required=True, help="fully qualified name of the dataset")
    parser.add_argument("--version", required=True, help="dataset version to train on")
    parser.add_argument("--output", required=True, help="stage path for model.json and training.json")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--max-depth", type=int, required=True)
    parser.add_argument("--learning-rate", type=float, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    # The launcher of ML jobs takes the entry point's result from this name.
    # https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/overview#returning-results-from-ml-jobs
    __return__ = main()
