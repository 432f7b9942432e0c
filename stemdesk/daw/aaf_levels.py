"""Levels and pan of a track as AAF carries them: gain and pan effects around its clips."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aaf2.auid import AUID

from stemdesk.audio.levels import from_db
from stemdesk.mixing.pan import LEFT_AND_RIGHT, channel_gains

if TYPE_CHECKING:
    from stemdesk.daw.session import SessionTrack

# AAF Edit Protocol, effect definitions.
_GAIN = AUID("9d2ea894-0968-11d3-8a38-0050040ef7d2")
_PAN = AUID("9d2ea893-0968-11d3-8a38-0050040ef7d2")
_AMPLITUDE = AUID("e4962321-2267-11d3-8a4c-0050040ef7d2")
_PAN_VALUE = AUID("e4962322-2267-11d3-8a4c-0050040ef7d2")
# An AAF rational is two 32-bit integers: this leaves room for gains up to +66 dB.
_MAX_DENOMINATOR = 1_000_000


@dataclass(frozen=True)
class ChannelLevel:
    """How a mono track sounds.

    Attributes:
        gain: factor.
        pan: 0 left, 1/2 centre, 1 right; None: left to the DAW.
    """

    gain: float
    pan: Fraction | None


def channel_levels(track: SessionTrack, channels: int, gain_db: float) -> list[ChannelLevel]:
    """Level and pan of every channel of a track, so that together they sound like it.

    A stereo track is balanced as StemDesk's mixer does: its channels stay left and right, and the
    side that the pan leaves is lowered. In surround only the balance is carried, as gains.

    Args:
        track: level, pan and mute.
        channels: of the track.
        gain_db: what its audio took already, and the gains are to make up for.
    """
    level = 0.0 if track.mute else from_db(track.level_db - gain_db)
    if channels == 1:
        return [ChannelLevel(level, _position(track.pan))]
    balance = channel_gains(channels, channels, track.pan)[:, 0]
    pans: list[Fraction | None] = [None] * channels
    if LEFT_AND_RIGHT[channels] == ((0, 1),) and channels == 2:
        pans = [_position(-1.0), _position(1.0)]
    return [ChannelLevel(level * float(gain), pan) for gain, pan in zip(balance, pans, strict=True)]


def _position(pan: float) -> Fraction:
    return Fraction((pan + 1.0) / 2.0).limit_denominator(_MAX_DENOMINATOR)


class LevelEffects:
    """Puts effects around segments, and their definitions into the file.

    Args:
        file: an open `aaf2` file.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self._gain = _definition(file, _GAIN, "Audio Gain", (_AMPLITUDE, "Amplitude multiplier"))
        self._pan = _definition(file, _PAN, "Audio Pan", (_PAN_VALUE, "Pan"))

    def around(self, segment: Any, level: ChannelLevel) -> Any:
        """The segment with what its level needs: nothing where that is neutral."""
        if not math.isclose(level.gain, 1.0):
            gain = Fraction(level.gain).limit_denominator(_MAX_DENOMINATOR)
            segment = self._effect(self._gain, _AMPLITUDE, gain, segment)
        if level.pan is not None:
            segment = self._effect(self._pan, _PAN_VALUE, level.pan, segment)
        return segment

    def _effect(self, definition: Any, parameter: AUID, value: Fraction, segment: Any) -> Any:
        create = self._file.create
        effect = create.OperationGroup(definition, length=segment.length, media_kind="sound")
        effect.parameters.append(create.ConstantValue(parameter, value))
        effect.segments.append(segment)
        return effect


def _definition(file: Any, identity: AUID, name: str, parameter: tuple[AUID, str]) -> Any:
    """Registers an effect of one input with one rational parameter."""
    rational = file.metadict.lookup_typedef("Rational")
    parameter_definition = file.create.ParameterDef(*parameter, "", rational)
    file.dictionary.register_def(parameter_definition)
    definition = file.create.OperationDef(identity, name, "")
    file.dictionary.register_def(definition)
    definition.media_kind = "sound"
    definition["NumberInputs"].value = 1
    definition["IsTimeWarp"].value = False
    definition["OperationCategory"].value = "OperationCategory_Effect"
    definition["Bypass"].value = 0
    definition.parameters.append(parameter_definition)
    return definition
