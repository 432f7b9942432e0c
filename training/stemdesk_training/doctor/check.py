"""A whole library checked, song by song, with what is kept from last time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from stemdesk_training.doctor.examination import MIXTURE, examine
from stemdesk_training.doctor.findings import SILENT_DB, Finding, findings_of, verdict_of
from stemdesk_training.doctor.fingerprint import find_duplicates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stemdesk_training.datasets.multitrack import Multitrack
    from stemdesk_training.doctor.examination import Examination, Shares
    from stemdesk_training.doctor.memory import Memory


@dataclass(frozen=True)
class Checked:
    """One song with its findings.

    Attributes:
        song: its files.
        found: what was measured.
        findings: what that means, the worst first.
        mended: what a repaired copy has otherwise, one sentence each.
    """

    song: Multitrack
    found: Examination
    findings: list[Finding] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """`pass`, `fixable` or `reject`."""
        return verdict_of(self.findings)


def check_library(
    songs: Sequence[Multitrack],
    memory: Memory | None,
    shares: Shares | None,
    report: Callable[[float, str], None],
) -> list[Checked]:
    """Check all songs.

    Args:
        songs: of one library.
        memory: what is kept; None: everything is looked at.
        shares: see :func:`examine`.
        report: told the fraction done and the song at hand.
    """
    examined = []
    for place, song in enumerate(songs):
        report(place / len(songs), song.name)
        examined.append(_examined(song, memory, shares))
    readable = {found.name: found for found in examined if not found.unreadable}
    twins = find_duplicates(
        {name: found.fingerprint for name, found in readable.items()},
        {name: _recording(found) for name, found in readable.items()},
    )
    report(1.0, "")
    return [
        Checked(song, found, findings_of(found, twins.get(found.name)))
        for song, found in zip(songs, examined, strict=True)
    ]


def _recording(found: Examination) -> str:
    """A hash of the mixture, or else of all stems; silence is no recording, and gives none."""
    sounding = {part: facts for part, facts in found.facts.items() if facts.rms_db >= SILENT_DB}
    if MIXTURE in sounding:
        return sounding[MIXTURE].audio_hash
    parts = [f"{part} {sounding[part].audio_hash}" for part in sorted(sounding)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() if parts else ""


def _examined(song: Multitrack, memory: Memory | None, shares: Shares | None) -> Examination:
    if memory is None:
        return examine(song, shares)
    try:
        key = memory.key(song)
    except OSError:
        return examine(song, shares)  # which says what is wrong with the file
    found = memory.recall(key)
    if found is None:
        found = examine(song, shares)
        memory.keep(key, found)
    # Kept under what the files hold: the song's name may be another by now.
    return msgspec.structs.replace(found, name=song.name)
