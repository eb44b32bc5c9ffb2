"""Frames between the server and a worker: two lengths (big-endian, 32 bits), a JSON header, a payload."""

import json
import socket
import struct
from typing import Any

_LENGTHS = struct.Struct(">II")

Header = dict[str, Any]


class ConnectionGoneError(Exception):
    """The server closed the connection: whoever reads has nobody left to work for."""


class FrameChannel:
    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, header: Header, payload: bytes = b"") -> None:
        text = json.dumps(header, separators=(",", ":")).encode()
        self._socket.sendall(_LENGTHS.pack(len(text), len(payload)) + text)
        if payload:
            self._socket.sendall(payload)

    def receive(self) -> tuple[Header, bytearray]:
        header_length, payload_length = _LENGTHS.unpack(self._read(_LENGTHS.size))
        header = json.loads(self._read(header_length))
        return header, self._read(payload_length)

    def _read(self, length: int) -> bytearray:
        parts = bytearray(length)
        view = memoryview(parts)
        done = 0
        while done < length:
            count = self._socket.recv_into(view[done:])
            if count == 0:
                raise ConnectionGoneError
            done += count
        return parts
