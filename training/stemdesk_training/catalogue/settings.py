"""What a catalogue is made of; kept in its ledger, so that it goes on as it began."""

from __future__ import annotations

from typing import Literal

import msgspec

Levels = Literal["fit", "loudness"]
Accompaniment = Literal["recording", "rest"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paper's, by default.

    Attributes:
        excerpts: most from each song; 0 for the whole song.
        seconds: length of one.
        margin_seconds: at either end of a song, from which none is taken.
        levels: how the instrumental is made as loud as it is in the mix.
        accompaniment: the instrumental's own recording, or what is left of the mix: then the
            stems sum to it, sample for sample.
    """

    excerpts: int = 1
    seconds: float = 11.88
    margin_seconds: float = 20.0
    levels: Levels = "fit"
    accompaniment: Accompaniment = "recording"
