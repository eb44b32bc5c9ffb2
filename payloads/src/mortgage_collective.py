"""Training one model in several processes, each on its share of the rows, over XGBoost's own collective.

Node 0 runs the tracker at which all meet; gradients are summed over the nodes in every round, so each node ends with the same
model, and it equals the one that a single process trains on all rows up to the rounding of those sums.
https://xgboost.readthedocs.io/en/stable/python/python_api.html#module-xgboost.collective
"""

from __future__ import annotations

import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xgboost import collective
from xgboost.tracker import RabitTracker

if TYPE_CHECKING:
    import pandas as pd

    from mortgage_topology import Topology


@contextmanager
def meeting(topology: Topology, timeout_seconds: int) -> Generator[None]:
    """A collective of all nodes of ``topology``, for as long as the block runs.

    Enter it before the data is read: node 0 then listens while the others are still starting.

    Raises:
        TimeoutError: Node 0 could not be reached within the timeout.
        xgboost.core.XGBoostError: Not all nodes came within the timeout, or one was lost.
    """
    if topology.head_ip is None or topology.port is None:
        raise ValueError("the job's environment names no node to meet at")
    tracker = None
    if topology.index == 0:
        tracker = RabitTracker(
            n_workers=topology.count,
            host_ip=topology.head_ip,
            port=topology.port,
            sortby="task",
            timeout=timeout_seconds,
        )
        tracker.start()
    else:
        _await_tracker(topology.head_ip, topology.port, timeout_seconds)
    with collective.CommunicatorContext(
        dmlc_communicator="rabit",
        dmlc_tracker_uri=topology.head_ip,
        dmlc_tracker_port=topology.port,
        # Sorted as text by the tracker, hence the zeros: the rank is the node's index.
        dmlc_task_id=f"{topology.index:06d}",
        dmlc_timeout=timeout_seconds,
        dmlc_retry=3,
    ):
        yield
    if tracker is not None:
        tracker.wait_for(timeout_seconds)


def own_rows(rows: pd.DataFrame, topology: Topology) -> pd.DataFrame:
    """Every ``count``-th row, from this node's index on: shares that differ by one row at most.

    Raises:
        ValueError: There are fewer rows than nodes.
    """
    if len(rows) < topology.count:
        raise ValueError(f"{len(rows)} rows cannot be shared among {topology.count} nodes")
    return rows.iloc[topology.index :: topology.count]


def _await_tracker(host: str, port: int, timeout_seconds: float) -> None:
    """Returns once node 0 listens. XGBoost retries by itself, but only after seconds, and prints each attempt."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            socket.create_connection((host, port), timeout=5).close()
            return
        except OSError as error:
            if time.monotonic() >= deadline:
                raise TimeoutError(f"node 0 at {host}:{port} did not answer within {timeout_seconds} s: {error}") from None
            time.sleep(0.05)
