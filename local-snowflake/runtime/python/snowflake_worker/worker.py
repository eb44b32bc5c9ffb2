"""The process that runs one task: makes itself at home in the task's folder, then does what the server asks."""

import contextlib
import os
import random
import signal
import sys
import tempfile
from typing import Any, NoReturn

from snowflake_worker import shim
from snowflake_worker.frames import ConnectionGoneError, FrameChannel, Header


def start(socket_path: str, token: str, stdout: int, stderr: int, surplus: set[int]) -> NoReturn:
    """Runs in the freshly forked child; never returns. `surplus` are the descriptors that only the supervisor needs."""
    code = 1
    try:
        _become_leader(stdout, stderr)
        for descriptor in surplus:
            os.close(descriptor)
        channel = FrameChannel(socket_path)
        channel.send({"token": token, "role": "worker"})
        task, payload = channel.receive()
        _settle(task["setting"])
        code = _perform(channel, task, payload)
    except ConnectionGoneError:
        code = 0
    except SystemExit as request:
        code = _exit_code(request.code)
    except BaseException:  # noqa: BLE001 - there is nobody above to raise to
        import traceback

        traceback.print_exc()
    finally:
        _flush()
        # Without the interpreter's own clean-up: nothing here is worth the time, and threads of the task must not hold it up.
        os._exit(code)


def _become_leader(stdout: int, stderr: int) -> None:
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    sys.stdin = open(0, encoding="utf-8")
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr


def _settle(setting: dict[str, Any]) -> None:
    os.umask(0o077)
    os.chdir(setting["folder"])
    os.environ.clear()
    os.environ.update(setting["environment"])
    tempfile.tempdir = None
    # Forks of one parent must not draw the same numbers.
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    sys.dont_write_bytecode = True
    sys.path[:] = [entry for entry in sys.path if entry != _own_folder()]
    sys.path[:0] = setting["path"]
    sys.argv = [""]
    imports = setting.get("imports")
    if imports is not None:
        # Procedures and functions find their files by it.
        # https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-creating#reading-a-file
        sys._xoptions["snowflake_import_directory"] = os.path.join(imports, "")
    shim.install()


def _own_folder() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _perform(channel: FrameChannel, task: Header, payload: bytearray) -> int:
    # Imported here so that the fork server need not hold what other kinds of task use.
    match task["kind"]:
        case "procedure":
            from snowflake_worker import procedure

            return procedure.perform(channel, task, payload)
        case "function":
            from snowflake_worker import function

            return function.perform(channel, task)
        case "job":
            from snowflake_worker import job

            return job.perform(channel, task)
        case "inference":
            from snowflake_worker import inference

            return inference.perform(channel, task)
        case "notebook":
            from snowflake_worker import notebook

            return notebook.perform(channel, task, payload)
        case kind:
            raise ValueError(f"unknown kind of task: {kind}")


def _exit_code(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
