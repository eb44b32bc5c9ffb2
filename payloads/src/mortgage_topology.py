"""Which of the nodes of an ML job this process is, as the job's environment tells it.

https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/direct-per-instance-execution
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topology:
    """Place of this process among those that train together.

    Attributes:
        index: Number of this node, from 0; node 0 keeps the model.
        count: Number of nodes.
        head_ip: Address of node 0, or None where the job's entry point runs on node 0 alone.
        port: Port on node 0 for the nodes to meet at, or None likewise.
    """

    index: int
    count: int
    head_ip: str | None
    port: int | None

    @property
    def together(self) -> bool:
        """Every node runs this entry point and knows where to meet."""
        return self.count > 1 and self.head_ip is not None


def read_topology(environment: Mapping[str, str]) -> Topology:
    """The topology in ``environment``; a job of one node needs no variable at all.

    Raises:
        ValueError: A variable has no usable value; the text names it.
    """
    count = _whole(environment, "SNOWFLAKE_JOBS_COUNT", default=1, low=1)
    index = _whole(environment, "SNOWFLAKE_JOB_INDEX", default=0, low=0)
    if index >= count:
        raise ValueError(f"SNOWFLAKE_JOB_INDEX is {index} in a job of SNOWFLAKE_JOBS_COUNT={count} instances")
    # Set by a submission with parallel=True; otherwise the entry point runs on node 0 alone.
    if count == 1 or environment.get("MLRS_LAUNCH_BACKEND") != "passthrough":
        return Topology(index, count, None, None)
    head_ip = environment.get("MLRS_HEAD_IP")
    if not head_ip:
        raise ValueError("MLRS_HEAD_IP must name the address of instance 0")
    return Topology(index, count, head_ip, _whole(environment, "MLRS_RDZV_PORT", default=None, low=1))


def _whole(environment: Mapping[str, str], name: str, *, default: int | None, low: int) -> int:
    text = environment.get(name) or ("" if default is None else str(default))
    if not text.isdecimal() or int(text) < low:
        raise ValueError(f"{name} must be a whole number from {low}, got {text!r}")
    return int(text)
