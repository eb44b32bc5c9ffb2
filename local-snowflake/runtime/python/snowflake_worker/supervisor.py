"""One process per task, between the fork server and the worker: collects output, kills on request, clears up, reports the end.

It tells the server how the worker ended and lives no longer than the server's connection, so nothing outlives the server.
"""

import contextlib
import os
import select
import signal
import sys
from typing import Any, NoReturn

from snowflake_worker import processes, worker
from snowflake_worker.frames import ConnectionGoneError, FrameChannel
from snowflake_worker.output_sink import ForwardedOutput, LogFile, OutputSink

_CHUNK = 65_536


def run(socket_path: str, request: dict[str, Any]) -> NoReturn:
    """Runs in the freshly forked child; never returns."""
    try:
        # Not bound to the fork server's life: should that die, the task goes on, and clearing up still has its process.
        processes.adopt_orphans()
        _drop_inherited()
        _supervise(socket_path, request)
    except BaseException as error:  # noqa: BLE001 - there is nobody above to raise to
        print(f"supervisor: {error!r}", file=sys.stderr, flush=True)
    finally:
        os._exit(0)


def _drop_inherited() -> None:
    # The fork server's requests and reports are not ours to read or to hold open.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)


def _supervise(socket_path: str, request: dict[str, Any]) -> None:
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})

    stdout = os.pipe()
    # A log has both streams in the order in which they were written, which one pipe keeps.
    stderr = stdout if "path" in request["output"] else os.pipe()
    me = os.getpid()
    pid = os.fork()
    if pid == 0:
        processes.die_with_parent(me)
        worker.start(socket_path, request["token"], stdout[1], stderr[1], {wake_read, wake_write, *stdout, *stderr})
    for write_end in {stdout[1], stderr[1]}:
        os.close(write_end)
    readers = {stderr[0]: "stderr", stdout[0]: "stdout"}
    try:
        channel = FrameChannel(socket_path)
        channel.send({"token": request["token"], "role": "supervisor", "worker": pid})
        sink = _sink(channel, request["output"])
        status = _watch(channel, pid, wake_read, readers, sink)
        dropped = sink.close()
        channel.send({**_ending(status), "dropped": dropped})
    except (ConnectionGoneError, OSError):
        # The server is gone, or has no use for the task any more.
        _kill(pid, signal.SIGKILL)
        processes.end_all_children()


def _sink(channel: FrameChannel, output: dict[str, Any]) -> OutputSink:
    if "path" in output:
        return LogFile(output["path"], output["limit"])
    return ForwardedOutput(channel, output["limit"])


def _watch(channel: FrameChannel, pid: int, wake: int, readers: dict[int, str], sink: OutputSink) -> int:
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    poll.register(wake, select.POLLIN)
    for reader in readers:
        poll.register(reader, select.POLLIN)
    status: int | None = None
    while status is None or readers:
        for ready, _ in poll.poll():
            if ready == channel.fileno():
                _obey(channel, pid)
            elif ready == wake:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake, _CHUNK)
            else:
                data = os.read(ready, _CHUNK)
                if data:
                    sink.write(readers[ready], data)
                else:
                    poll.unregister(ready)
                    del readers[ready]
        if status is None:
            status = _reap(pid)
            if status is not None:
                # What the task left running goes with it, and with that the last writer of its output.
                processes.kill_group(pid, signal.SIGKILL)
                processes.end_all_children()
    return status


def _reap(pid: int) -> int | None:
    """The worker's status once it has ended; adopted orphans that ended are cleared away on the way."""
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if ended == pid:
            return status
        if ended == 0:
            return None


def _obey(channel: FrameChannel, pid: int) -> None:
    header, _ = channel.receive()
    _kill(pid, signal.SIGTERM if header["signal"] == "TERM" else signal.SIGKILL)


def _kill(pid: int, number: int) -> None:
    processes.kill_group(pid, number)
    # The worker may not have made its own group yet.
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _ending(status: int) -> dict[str, Any]:
    if os.WIFSIGNALED(status):
        return {"signal": signal.Signals(os.WTERMSIG(status)).name}
    return {"code": os.WEXITSTATUS(status)}
