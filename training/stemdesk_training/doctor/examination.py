"""One song looked at from all sides; what comes of it can be kept."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stemdesk.errors import UserError
from stemdesk_training.datasets.multitrack import converted, read_sum, with_channels
from stemdesk_training.doctor.facts import Facts, look_at
from stemdesk_training.doctor.fingerprint import fingerprint
from stemdesk_training.doctor.relations import STILL, Lag, Sum, align, bleed_db, sum_against

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from stemdesk.audio.clip import AudioClip
    from stemdesk_training.datasets.multitrack import Multitrack

    Shares = Callable[[AudioClip], dict[str, float]]

MIXTURE = "mixture"
FORMAT = 2


class Examination(msgspec.Struct, frozen=True):
    """What was found in a song.

    Attributes:
        name: of the song.
        facts: of each stem, and of the mixture where there is one.
        unreadable: why a file cannot be read; the rest is empty then.
        lag: by what all stems are off.
        lags: stem -> by what it is off beside that; only those that are.
        total: the stems, aligned, against the mixture.
        bleed: stem -> other stem -> dB of the stem's energy.
        heard_as: stem -> stem -> share of its energy that a model takes for that.
        bits: fingerprint of the mixture, or of the sum, packed; with the number of its frames.
        bit_frames: see `bits`.
        format: of this record.
    """

    name: str
    facts: dict[str, Facts] = {}
    unreadable: str = ""
    lag: Lag = STILL
    lags: dict[str, Lag] = {}
    total: Sum | None = None
    bleed: dict[str, dict[str, float]] = {}
    heard_as: dict[str, dict[str, float]] = {}
    bits: bytes = b""
    bit_frames: int = 0
    format: int = FORMAT

    @property
    def fingerprint(self) -> NDArray[np.uint8]:
        """Bits `[frames, 16]`."""
        flat = np.unpackbits(np.frombuffer(self.bits, np.uint8))
        return flat.reshape(self.bit_frames, -1)

    @property
    def sounding(self) -> str:
        """What stands for the whole song: its mixture, or else its first stem."""
        return MIXTURE if MIXTURE in self.facts else next(iter(self.facts))


def examine(song: Multitrack, shares: Shares | None = None) -> Examination:
    """Look at a song.

    Args:
        song: its files are read once, whole.
        shares: separates a clip and tells how its energy is shared among stems; None: labels are
            not checked.
    """
    try:
        clips = {name: read_sum(parts) for name, parts in song.stems.items()}
        mixture = read_sum(song.mixture) if song.mixture else None
    except UserError as error:
        return Examination(song.name, unreadable=str(error))
    facts = {name: look_at(clip) for name, clip in clips.items()}
    if mixture is not None:
        facts[MIXTURE] = look_at(mixture)
    stems, whole, rate = _alike(clips, mixture)
    lag, total = STILL, None
    lags: dict[str, Lag] = {}
    if whole is not None:
        lag, lags, aligned = align(stems, whole, rate)
        # What was moved has a gap at one end.
        edge = abs(lag.lag_frames) + max(
            (abs(each.lag_frames) for each in lags.values()), default=0
        )
        inner = slice(edge, whole.shape[1] - edge)
        total = sum_against(
            {name: stem[:, inner] for name, stem in aligned.items()}, whole[:, inner], rate
        )
    heard = whole if whole is not None else np.sum([*stems.values()], axis=0)
    bits = fingerprint(heard.mean(axis=0), rate)
    return Examination(
        song.name,
        facts,
        lag=lag,
        lags=lags,
        total=total,
        bleed=_bleed(stems),
        heard_as=_heard_as(clips, shares),
        bits=np.packbits(bits).tobytes(),
        bit_frames=len(bits),
    )


def _alike(
    clips: Mapping[str, AudioClip], mixture: AudioClip | None
) -> tuple[dict[str, NDArray[np.float32]], NDArray[np.float32] | None, int]:
    """Everything at one rate and channel count, as far as the shortest goes."""
    everything = [*clips.values(), *([mixture] if mixture else [])]
    rate = mixture.sample_rate if mixture else everything[0].sample_rate
    frames = min(round(clip.frames * rate / clip.sample_rate) for clip in everything)
    channels = max(clip.channels for clip in everything)

    def fitted(clip: AudioClip) -> NDArray[np.float32]:
        samples = converted(clip, rate).samples[:, :frames]
        return with_channels(samples, channels)

    stems = {name: fitted(clip) for name, clip in clips.items()}
    return stems, None if mixture is None else fitted(mixture), rate


def _bleed(stems: Mapping[str, NDArray[np.float32]]) -> dict[str, dict[str, float]]:
    mono = {name: stem.mean(axis=0) for name, stem in stems.items()}
    found: dict[str, dict[str, float]] = {}
    for stem, other in permutations(mono, 2):
        found.setdefault(stem, {})[other] = round(bleed_db(mono[stem], mono[other]), 2)
    return found


def _heard_as(clips: Mapping[str, AudioClip], shares: Shares | None) -> dict[str, dict[str, float]]:
    if shares is None:
        return {}
    return {name: shares(clip) for name, clip in clips.items() if clip.samples.any()}
