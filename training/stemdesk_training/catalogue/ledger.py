"""`catalogue.toml`: what became of every pair and every recording, to read and to go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from stemdesk.errors import UserError
from stemdesk.files import write_text_atomic
from stemdesk.parsing.bounds import Unreadable, file_bytes
from stemdesk.parsing.toml_text import read_toml_as
from stemdesk_training.catalogue.settings import Settings
from stemdesk_training.catalogue.triplets import Measured

if TYPE_CHECKING:
    from pathlib import Path

NAME = "catalogue.toml"
FORMAT = 1
Verdict = Literal["good", "poor", "duplicate", "dropped"]


class Pair(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A mix, an instrumental, and what became of them.

    Attributes:
        mix: below the folder of mixes.
        instrumental: below its own.
        mix_hash: of its samples.
        instrumental_hash: the same.
        verdict: `good`; `poor` where much of the instrumental is left in the vocals; `duplicate` of
            a mix that was taken before; `dropped`.
        why: if nothing was taken, or only something poor.
        by_name: whether both are called alike; else they only sound so.
        difference: share of the bits of their fingerprints.
        measured: of the pair; absent if it was not looked at.
        folders: song folders that were written.
    """

    mix: str
    instrumental: str
    mix_hash: str
    instrumental_hash: str
    verdict: Verdict
    why: str = ""
    by_name: bool
    difference: float
    measured: Measured | None = None
    folders: list[str] = []

    @property
    def is_taken(self) -> bool:
        """Whether there are triplets of it."""
        return self.verdict in ("good", "poor")


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recording that is in no pair, and why."""

    recording: str
    why: str


class Ledger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it.

    Attributes:
        settings: that it was made with.
        pairs: that were looked at, in order.
        mixes_left_out: see the class.
        instrumentals_left_out: the same.
        format: of this file.
    """

    settings: Settings
    pairs: list[Pair] = []
    mixes_left_out: list[LeftOut] = []
    instrumentals_left_out: list[LeftOut] = []
    format: int = FORMAT


def load_ledger(folder: Path, settings: Settings) -> Ledger:
    """The ledger of a catalogue that was begun, or an empty one.

    Raises:
        UserError: it cannot be read, or was made with other settings.
    """
    path = folder / NAME
    if not path.exists():
        return Ledger(settings=settings)
    try:
        ledger = read_toml_as(file_bytes(path), Ledger)
    except (OSError, Unreadable) as error:
        raise UserError(
            f"The catalogue's ledger {path} cannot be used ({error})",
            "move it away, or name another folder",
        ) from error
    if ledger.settings != settings:
        raise UserError(
            f"The catalogue in {folder} was made with other settings",
            "name another folder, or the settings in its catalogue.toml",
        )
    return ledger


def save_ledger(folder: Path, ledger: Ledger) -> None:
    """Write it, whole or not at all.

    Raises:
        UserError: the disk refuses.
    """
    write_text_atomic(folder / NAME, msgspec.toml.encode(ledger).decode())
