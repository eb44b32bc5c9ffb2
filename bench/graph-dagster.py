"""Times graphs of no-op ops in Dagster: `graph-dagster.py GRAPHS ROUNDS`, with DAGSTER_HOME set to the folder of a persistent instance.

GRAPHS is a JSON file: graph name to its tasks, each with `name` and `after`. Prints one JSON object: graph name to the median of
its runs in milliseconds.
"""

import json
import logging
import statistics
import sys
import time
from pathlib import Path

from dagster import (
    DagsterInstance,
    DependencyDefinition,
    GraphDefinition,
    In,
    JobDefinition,
    MultiDependencyDefinition,
    NodeInvocation,
    Nothing,
    op,
)


@op(ins={"after": In(Nothing)})
def nothing() -> None:
    pass


def job_of(name: str, tasks: list) -> JobDefinition:
    dependencies = {
        NodeInvocation("nothing", alias=task["name"]): (
            {"after": MultiDependencyDefinition([DependencyDefinition(each) for each in task["after"]])} if task["after"] else {}
        )
        for task in tasks
    }
    return GraphDefinition(name, node_defs=[nothing], dependencies=dependencies).to_job()


def main(graphs: Path, rounds: int) -> dict[str, float]:
    logging.disable(logging.CRITICAL)
    found = {}
    with DagsterInstance.get() as instance:
        for name, tasks in json.loads(graphs.read_text()).items():
            job = job_of(name, tasks)
            times = []
            for _ in range(rounds):
                begin = time.perf_counter()
                result = job.execute_in_process(instance=instance)
                times.append((time.perf_counter() - begin) * 1000)
                assert result.success
            found[name] = statistics.median(times)
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
