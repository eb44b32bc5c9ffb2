"""The task graph on Snowflake as a Prefect flow: one step starts a run, the next follows it to its end.

python examples/prefect/mortgage.py
"""

from prefect import flow, get_run_logger, task

from task_graph import GraphRun, GraphRunError, TaskGraph


@task
def start(graph: TaskGraph, config: dict[str, object]) -> str:
    return graph.start(config)


def may_help(_task, _run, state) -> bool:
    """A lost connection is no reason to fail, since looking again does no harm; a failed run stays one."""
    try:
        state.result()
    except GraphRunError:
        return False
    except Exception:
        return True
    return False


@task(retries=3, retry_delay_seconds=10, retry_condition_fn=may_help)
def follow(graph: TaskGraph, run: str, pause: float) -> GraphRun:
    return graph.wait(run, get_run_logger().info, pause)


@flow(name="mortgage training")
def training(
    root: str = "SNOWBANK.PIPELINE.PREPARE_DATA",
    connection: str = "local",
    config: dict[str, object] | None = None,
    pause: float = 5,
) -> dict[str, str]:
    """States of the graph's tasks by name; ``config`` holds for this run, over the graph's own configuration."""
    graph = TaskGraph(root, connection)
    run = start(graph, config or {})
    return dict(follow(graph, run, pause).tasks)


if __name__ == "__main__":
    training()
