"""Nodes of a job as real processes on this machine."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mortgage_columns import FEATURE_NAMES, LABEL, compute_features
from mortgage_data import write_csv
from mortgage_model import TrainingParameters, denial_probability, from_json, to_json, train

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "hdma.csv"
    write_csv(path)
    return path


def free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


class Job:
    """Two nodes; each is started by hand."""

    def __init__(self, data: Path, folder: Path, *, timeout: int, host: str = "127.0.0.1") -> None:
        self._command = [sys.executable, str(HERE / "node.py"), str(data), str(folder), str(timeout)]
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(HERE.parent / "src"),
            "SNOWFLAKE_JOBS_COUNT": "2",
            "MLRS_LAUNCH_BACKEND": "passthrough",
            "MLRS_HEAD_IP": host,
            "MLRS_RDZV_PORT": str(free_port(host)),
        }

    def start(self, index: int, *behaviour: str) -> subprocess.Popen[str]:
        """Starts the node and returns when it is about to meet the other."""
        node = subprocess.Popen(
            [*self._command, *behaviour],
            env={**self._environment, "SNOWFLAKE_JOB_INDEX": str(index)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert node.stdout is not None
        assert node.stdout.readline() == "ready\n"
        return node


def finish(nodes: list[subprocess.Popen[str]]) -> list[tuple[int, str]]:
    """Exit code and output of each."""
    outputs = [node.communicate(timeout=100)[0] for node in nodes]
    return [(node.returncode, output) for node, output in zip(nodes, outputs, strict=True)]


def training_rows(data: Path) -> pd.DataFrame:
    raw = pd.read_csv(data)
    rows = compute_features(raw)
    rows[LABEL] = raw[LABEL].astype("int64")
    return rows


def test_two_nodes_train_the_model_that_one_process_trains(data: Path, tmp_path: Path) -> None:
    # On Linux all of 127.0.0.0/8 is this machine: an address for node 0 that is not the other's.
    job = Job(data, tmp_path, timeout=60, host="127.64.0.1" if sys.platform == "linux" else "127.0.0.1")
    # The second node is there first and has to wait for the node that all meet at.
    second, first = job.start(1), job.start(0)
    results = finish([first, second])
    assert [code for code, _ in results] == [0, 0], results
    models = [(tmp_path / f"model-{index}.json").read_bytes() for index in range(2)]
    assert models[0] == models[1]

    rows = training_rows(data)
    alone = from_json(to_json(train(rows, TrainingParameters(50, 4, 0.1))))
    together = from_json(models[0])
    difference = np.abs(denial_probability(alone, rows) - denial_probability(together, rows))
    assert difference.max() < 1e-4
    assert together.get_booster().feature_names == list(FEATURE_NAMES)


def test_a_node_that_breaks_off_ends_the_other(data: Path, tmp_path: Path) -> None:
    job = Job(data, tmp_path, timeout=20)
    results = finish([job.start(0), job.start(1, "fail")])
    assert all(code != 0 for code, _ in results), results
    assert "broken on purpose" in results[1][1]
    assert not list(tmp_path.iterdir())


def test_a_node_that_never_comes_is_waited_for_no_longer_than_the_timeout(data: Path, tmp_path: Path) -> None:
    code, output = finish([Job(data, tmp_path, timeout=3).start(0)])[0]
    assert code != 0, output
    assert not list(tmp_path.iterdir())


def test_without_node_0_the_other_says_where_it_should_be(data: Path, tmp_path: Path) -> None:
    code, output = finish([Job(data, tmp_path, timeout=3).start(1)])[0]
    assert code != 0
    assert "node 0 at 127.0.0.1:" in output
