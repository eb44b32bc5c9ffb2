"""What the supervisor asks of the operating system. Linux has all of it; elsewhere only process groups are known."""

import contextlib
import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def die_with_parent(parent: int) -> None:
    """Has the calling process killed when `parent`, its parent, ends; ends it at once when that has happened already."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Makes the calling process the parent of every descendant whose own parent ends."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> list[int]:
    """Process ids of the caller's children, adopted ones included."""
    if not sys.platform.startswith("linux"):
        return []
    me = os.getpid()
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _parent_of(entry) == me]


def _parent_of(entry: str) -> int:
    try:
        with open(f"/proc/{entry}/stat", "rb") as file:
            # The command, in parentheses, may itself hold blanks and parentheses.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def kill_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def end_all_children() -> None:
    """Kills children until none is left; grandchildren become children as their parents go."""
    while True:
        pids = children()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
