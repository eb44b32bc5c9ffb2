"""The fork server: imports what tasks need once, then forks a supervisor for each task. Single-threaded, blocking.

Started as a script by the server with the socket's path as its argument; reads one JSON request a line from
standard input. When that ends, the server is gone and so is the fork server.
"""

import gc
import importlib
import json
import os
import signal
import sys
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from snowflake_worker import supervisor

_supervisors: set[int] = set()


def main() -> None:
    socket_path = sys.argv[1]
    # The server's terminal is not ours: Ctrl-C is the server's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _reap)
    _report({"ready": sys.version.split()[0]})
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        _import(request["modules"])
        if "token" in request:
            _fork(socket_path, request)
    os._exit(0)


def _import(modules: list[str]) -> None:
    fresh = [name for name in modules if name not in sys.modules]
    for name in fresh:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - a broken package is the task's error: it meets the same one
            print(f"import of {name}: {error!r}", file=sys.stderr, flush=True)
    if fresh:
        _index_modules()
        # What is imported stays for ever; the collector must not write to its pages in every child.
        gc.collect()
        gc.freeze()


def _index_modules() -> None:
    """Does once what costs each task 0.1 s otherwise: Snowflake's clients ask for the module that called them, and the first to
    ask has ``inspect`` look at the files of all modules.
    """
    import inspect

    inspect.getmodule(compile("", "<no module>", "exec"))


def _fork(socket_path: str, request: dict[str, Any]) -> None:
    # A child that ends before it is known would not be reaped.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    try:
        pid = os.fork()
        if pid == 0:
            supervisor.run(socket_path, request)
        _supervisors.add(pid)
    except OSError as error:
        _report({"failed": request["token"], "reason": str(error)})
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _reap(_number: int, _frame: object) -> None:
    # Only our own: a module that starts a process while it is imported waits for it itself.
    for pid in list(_supervisors):
        try:
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                _supervisors.discard(pid)
        except ChildProcessError:
            _supervisors.discard(pid)


def _report(message: dict[str, Any]) -> None:
    os.write(1, json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main()
