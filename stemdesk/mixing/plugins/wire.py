"""Frames between the mixer and a plug-in's process: a kind, a small JSON header, raw bytes."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from stemdesk.parsing.json_text import read_json

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_HEADER_BYTES = 16 << 20
MAX_BODY_BYTES = 256 << 20
_FRAME = struct.Struct("<BfII")  # kind, patience in seconds, bytes of header, bytes of body


class Kind(IntEnum):
    """What a frame is."""

    BLOCK = 1  # sound to process, or processed; the header is empty unless there is news
    SET = 2  # raw values of parameters; the only frame that is not answered
    REQUEST = 3  # anything else: `do` in the header says what
    REPLY = 4
    ERROR = 5  # `error` in the header: what the plug-in or its loader said


class WireError(Exception):
    """The other side ended, or sent what is no frame."""


@dataclass(frozen=True)
class Frame:
    """One message.

    Attributes:
        kind: see :class:`Kind`.
        header: JSON values.
        body: float32 samples of a block, or a plug-in's state.
        patience_seconds: how long its sender waits for what is to be done; 0 for ever.
    """

    kind: Kind
    header: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""
    patience_seconds: float = 0.0


class Wire:
    """Sends and receives frames over two binary streams.

    Args:
        incoming: where frames come from; a buffered blocking stream.
        outgoing: where they go.
    """

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming, self._outgoing = incoming, outgoing

    def send(self, frame: Frame) -> None:
        """Write one frame.

        Raises:
            WireError: nobody reads any more.
        """
        header = json.dumps(frame.header).encode() if frame.header else b""
        prefix = _FRAME.pack(frame.kind, frame.patience_seconds, len(header), len(frame.body))
        try:
            self._outgoing.write(prefix + header + frame.body)
            self._outgoing.flush()
        except (OSError, ValueError) as error:
            raise WireError(str(error)) from error

    def receive(self) -> Frame:
        """Read one frame, however long it takes to come.

        Raises:
            WireError: the other side is gone or talks nonsense.
        """
        kind, patience_seconds, header_bytes, body_bytes = _FRAME.unpack(self._read(_FRAME.size))
        if header_bytes > MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
            raise WireError("a frame of impossible size")
        header = self._read(header_bytes)
        body = self._read(body_bytes)
        try:
            values = read_json(header, names=True, infinite=True) if header else {}
            return Frame(Kind(kind), values, body, patience_seconds)
        except ValueError as error:
            raise WireError("a frame that cannot be read") from error

    def _read(self, size_bytes: int) -> bytes:
        try:
            data = self._incoming.read(size_bytes)
        except (OSError, ValueError) as error:
            raise WireError(str(error)) from error
        if len(data) < size_bytes:
            raise WireError("the other side has ended")
        return data


def pack_block(block: NDArray[np.float32]) -> bytes:
    """A block `[channels, frames]` as raw little-endian float32."""
    return np.ascontiguousarray(block, dtype="<f4").tobytes()


def unpack_block(body: bytes, channels: int) -> NDArray[np.float32]:
    """The block `[channels, frames]` of a frame's body; read-only.

    Raises:
        WireError: the body does not divide into so many channels.
    """
    if len(body) % (4 * channels):
        raise WireError("a block of broken size")
    return np.frombuffer(body, dtype="<f4").reshape(channels, -1)
