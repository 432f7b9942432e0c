"""What is done to batches of stems, how often and how far: the `[augmentation]` of a recipe.

Without torch, so that recipes load at once.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Range = tuple[float, float]


class Kind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is done with a probability; what else it is given are ranges.

    Every range is drawn from evenly.
    """

    probability: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError("a probability lies between 0 and 1")
        for name in self.__struct_fields__[1:]:
            least, most = getattr(self, name)
            if least > most:
                raise ValueError(f"{name} must be the lower end, then the upper one")


class Factor(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A factor: of length, of frequency, of amplitude; 1 changes nothing."""

    factor: Range = (0.85, 1.15)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.factor[0] <= 0.0:
            raise ValueError("a factor is greater than 0")


class Level(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gain in dB."""

    gain_db: Range = (-6.0, 6.0)


class Filter(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A filter whose frequency is drawn evenly in octaves."""

    frequency_hz: Range

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.frequency_hz[0] <= 0.0:
            raise ValueError("a frequency is greater than 0 Hz")


class Eq(Filter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A shelf or a bell, as likely each."""

    gain_db: Range = (-8.0, 8.0)
    frequency_hz: Range = (100.0, 6000.0)


class LowCut(Filter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A steep high-pass, as consoles have."""

    frequency_hz: Range = (40.0, 250.0)


class Colour(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body, a loudspeaker, a microphone: a gain of its own for every half octave."""

    gain_db: Range = (-9.0, 9.0)


class Drive(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Saturation: how far a clip's RMS is driven past the knee of the curve, in dB."""

    gain_db: Range = (-12.0, 9.0)


class Width(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The level of what left and right do not share, in dB; one channel has none."""

    gain_db: Range = (-12.0, 6.0)


class Reverb(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A synthetic room: the time in which it falls by 60 dB, and its RMS to the direct sound's.

    The walls take the highs after that.
    """

    decay_seconds: Range = (0.2, 1.5)
    wet: Range = (0.05, 0.5)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.decay_seconds[0] <= 0.0 or self.wet[0] < 0.0:
            raise ValueError("decay_seconds is greater than 0, and wet not less")


class Limiter(Kind, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A limiter on the master bus."""

    ceiling_db: Range = (-6.0, 0.0)


class Augmentation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it; what is not named is not done.

    The first four are those of Pretet (2018), for all stems of an item alike: `channel_swap` of
    left and right, `time_stretch` (a factor of 1.15 lasts 15 % longer), `pitch_shift` (a factor of
    frequency), `loudness` (a factor of amplitude). `drive`, `colour`, `eq`, `low_cut`, `width`,
    `reverb`, `gain` and `polarity` are drawn for every stem by itself, in this order; `drive` and
    `colour` leave a stem its RMS. `mono` makes left and right the same in all of them, as in old
    recordings; `limiter` puts one gain on all.
    """

    channel_swap: Kind = Kind()
    time_stretch: Factor = Factor()
    pitch_shift: Factor = Factor()
    loudness: Factor = Factor()
    gain: Level = Level()
    drive: Drive = Drive()
    colour: Colour = Colour()
    eq: Eq = Eq()
    low_cut: LowCut = LowCut()
    width: Width = Width()
    reverb: Reverb = Reverb()
    polarity: Kind = Kind()
    mono: Kind = Kind()
    limiter: Limiter = Limiter()

    @property
    def stretch_room(self) -> float:
        """By what factor excerpts must be longer so that a stretch finds all of its end there."""
        stretch = self.time_stretch
        return max(1.0, 1.0 / stretch.factor[0]) if stretch.probability else 1.0


Preset = Literal[
    "none",
    "p5_channel_swap",
    "p5_stretch_15",
    "p5_stretch_30",
    "p5_pitch_15",
    "p5_pitch_30",
    "p5_loudness_15",
    "p5_loudness_30",
    "p5_combined_15",
    "p5_combined_30",
]
_SINGLE, _COMBINED = 0.5, 0.3


def _factor(probability: float, percent: int) -> Factor:
    return Factor(probability=probability, factor=(1 - percent / 100, 1 + percent / 100))


def _combined(percent: int) -> Augmentation:
    each = _factor(_COMBINED, percent)
    return Augmentation(
        channel_swap=Kind(probability=_COMBINED),
        time_stretch=each,
        pitch_shift=each,
        loudness=each,
    )


PRESETS: dict[Preset, Augmentation] = {
    "none": Augmentation(),
    "p5_channel_swap": Augmentation(channel_swap=Kind(probability=_SINGLE)),
    "p5_stretch_15": Augmentation(time_stretch=_factor(_SINGLE, 15)),
    "p5_stretch_30": Augmentation(time_stretch=_factor(_SINGLE, 30)),
    "p5_pitch_15": Augmentation(pitch_shift=_factor(_SINGLE, 15)),
    "p5_pitch_30": Augmentation(pitch_shift=_factor(_SINGLE, 30)),
    "p5_loudness_15": Augmentation(loudness=_factor(_SINGLE, 15)),
    "p5_loudness_30": Augmentation(loudness=_factor(_SINGLE, 30)),
    "p5_combined_15": _combined(15),
    "p5_combined_30": _combined(30),
}


def augmentation_of(choice: Preset | Augmentation) -> Augmentation:
    """What a recipe says: the name of a preset, or a table."""
    return choice if isinstance(choice, Augmentation) else PRESETS[choice]
