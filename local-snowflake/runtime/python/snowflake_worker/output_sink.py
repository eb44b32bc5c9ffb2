"""Where a task's standard output and error go: to the server, up to a limit, or to a log file that is kept small."""

import datetime
import os
from typing import Protocol

from snowflake_worker.frames import FrameChannel

#: Bytes; a longer line is cut.
_LONGEST_LINE = 65_536
#: Bytes.
_LAST_WORDS = 4096


class OutputSink(Protocol):
    def write(self, stream: str, data: bytes) -> None: ...
    def close(self) -> int:
        """Ends the output; returns how many bytes were dropped."""
        ...


class ForwardedOutput:
    """Sends the first `limit` bytes to the server and drops the rest, but for each stream's last words."""

    def __init__(self, channel: FrameChannel, limit: int) -> None:
        self._channel = channel
        self._left = limit
        self._dropped = 0
        self._last: dict[str, bytes] = {}

    def write(self, stream: str, data: bytes) -> None:
        kept = data[: self._left]
        self._left -= len(kept)
        if kept:
            self._channel.send({"output": stream}, kept)
        if len(kept) < len(data):
            self._dropped += len(data) - len(kept)
            # What ends a process stands at the end of its output, and a flood on one stream must not hide the other's.
            self._last[stream] = (self._last.get(stream, b"") + data[len(kept) :])[-_LAST_WORDS:]

    def close(self) -> int:
        for stream, data in self._last.items():
            self._channel.send({"output": stream}, data)
            self._dropped -= len(data)
        return self._dropped


class LogFile:
    """Lines with their time, as container run times write them: `2026-01-01T00:00:00.000000Z stdout F text`.

    Keeps at most `limit` bytes in two files: `path` and, when that is half of it, the one before as `path.1`.
    """

    def __init__(self, path: str, limit: int) -> None:
        self._path = path
        self._half = limit // 2
        self._file = open(path, "ab")
        self._size = self._file.tell()
        self._partial = b""
        self._dropped = 0

    def write(self, stream: str, data: bytes) -> None:
        head, newline, rest = data.rpartition(b"\n")
        if newline:
            self._append((self._partial + head).split(b"\n"))
            self._partial = rest
            return
        self._partial += data
        if len(self._partial) >= _LONGEST_LINE:
            self._append([self._partial])
            self._partial = b""

    def close(self) -> int:
        if self._partial:
            self._append([self._partial])
        self._file.close()
        return self._dropped

    def _append(self, lines: list[bytes]) -> None:
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode()
        prefix = now + b" stdout F "
        text = b"".join(prefix + line + b"\n" for line in lines)
        if self._size + len(text) > self._half and self._size > 0:
            self._rotate()
        if len(text) > self._half:
            self._dropped += len(text) - self._half
            text = text[-self._half :].partition(b"\n")[2]
        self._file.write(text)
        self._file.flush()
        self._size += len(text)

    def _rotate(self) -> None:
        self._file.close()
        previous = f"{self._path}.1"
        if os.path.exists(previous):
            self._dropped += os.path.getsize(previous)
        os.replace(self._path, previous)
        self._file = open(self._path, "wb")
        self._size = 0
