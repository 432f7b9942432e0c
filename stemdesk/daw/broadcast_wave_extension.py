"""The broadcast audio extension chunk, `bext` (EBU Tech 3285, version 2)."""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stemdesk.daw.one_line import one_line

if TYPE_CHECKING:
    import datetime

_VERSION = 2
_ORIGINATOR = "StemDesk"
_UMID = bytes(64)  # none
# What stands where a loudness is not known: it takes as long to measure as all the rest does.
_UNKNOWN_LOUDNESS = 0x7FFF
_RESERVED = bytes(180)


@dataclass(frozen=True)
class BroadcastExtension:
    """What a Broadcast Wave file says about itself.

    Attributes:
        description: free text.
        reference: identity of the file for its originator, at most 32 characters.
        made: when the audio was made.
        time_reference: first sample of the file in samples since midnight.
        coding_history: lines after EBU R 98, each with CR LF.
    """

    description: str
    reference: str
    made: datetime.datetime
    time_reference: int
    coding_history: str

    def encoded(self) -> bytes:
        """The content of the chunk; texts are cut to their fields, which take ASCII only."""
        return struct.pack(
            "<256s32s32s10s8sQH64s5H180s",
            _ascii(one_line(self.description)),
            _ascii(_ORIGINATOR),
            _ascii(self.reference),
            _ascii(f"{self.made:%Y-%m-%d}"),
            _ascii(f"{self.made:%H:%M:%S}"),
            self.time_reference,
            _VERSION,
            _UMID,
            *[_UNKNOWN_LOUDNESS] * 5,
            _RESERVED,
        ) + _ascii(self.coding_history)


def _ascii(text: str) -> bytes:
    """A text without its accents; "?" stands for what has no likeness in ASCII."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("\0", " "))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return bare.encode("ascii", "replace")
