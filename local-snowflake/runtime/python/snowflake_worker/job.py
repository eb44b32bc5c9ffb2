"""One instance of a job: a command, an ML job's entry point, a model over rows in files.

Or the place of a worker node whose head runs the entry point.
"""

import contextlib
import os
import select
from typing import Any, NoReturn

from snowflake_worker.frames import ConnectionGoneError, FrameChannel, Header


def perform(channel: FrameChannel, task: Header) -> int:
    instance: dict[str, Any] = task["instance"]
    match instance["role"]:
        case "command":
            return _replace(instance["command"])
        case "ml-job":
            from snowflake_worker import ml_job

            return ml_job.run(instance["arguments"], every_instance=instance["everyInstance"])
        case "inference":
            from snowflake_worker import batch_inference

            return batch_inference.run(instance["inference"])
        case "worker":
            return _stand_by(channel)
        case role:
            raise ValueError(f"unknown role of a job's instance: {role}")


def _replace(command: list[str]) -> NoReturn:
    try:
        os.execvp(command[0], command)
    except OSError as error:
        # As a shell says it: 127 when there is no such command, 126 when it cannot be run.
        print(f"{command[0]}: {error.strerror}", flush=True)
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)


def _stand_by(channel: FrameChannel) -> int:
    """What is left of a worker node without Ray: it is there until the head has ended.

    https://docs.snowflake.com/en/developer-guide/snowflake-ml/ml-jobs/head-worker-execution
    """
    print("Worker node started. See more logs in the head node.", flush=True)
    select.select([channel], [], [])
    with contextlib.suppress(ConnectionGoneError):
        channel.receive()
    print("The head node has ended.", flush=True)
    return 0
