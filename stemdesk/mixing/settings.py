"""A mix as an immutable value: what the graph renders, recipes store and undo keeps."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from stemdesk.mixing.parameters import Parameter

S = TypeVar("S", bound=msgspec.Struct)

MASTER = "master"
PLUGIN = "plugin"
CEILING_DB = Parameter("ceiling_db", "Ceiling", "dB", -24.0, 0.0, 0.0)


class Point(msgspec.Struct, frozen=True, array_like=True):
    """One automation point: song time in seconds, and the parameter's value there."""

    seconds: float
    value: float


class EffectSettings(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One effect of a strip.

    Attributes:
        kind: name of an :class:`stemdesk.mixing.effects.effect.EffectKind`.
        name: unique in its strip, the kind by default; part of the parameters' addresses.
        bypass: let the sound pass as it is.
        values: parameters that differ from their defaults; those of a plug-in are raw, 0 to 1, and
            differ from what its state has.
        plugin: for the kind `plugin`: path of the VST3 or Audio Unit.
        plugin_name: which plug-in of that file, if it holds several.
        state: for the kind `plugin`: base64 of what the plug-in saved.
    """

    kind: str
    name: str = ""
    bypass: bool = False
    values: dict[str, float] = msgspec.field(default_factory=dict)
    plugin: str = ""
    plugin_name: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            msgspec.structs.force_setattr(self, "name", self.kind)


class StripSettings(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One strip: its stem's name, or `master`.

    Attributes:
        name: the stem.
        level_db: -inf to +12.
        pan: -1 (left) to +1 (right).
        mute: silence it.
        solo: silence the others.
        solo_safe: no other strip's solo silences it.
        invert: turn its polarity.
        effects: in order; they come before level and pan.
        bypass: let the sound pass all its effects, whatever each of them says of itself.
    """

    name: str
    level_db: float = 0.0
    pan: float = 0.0
    mute: bool = False
    solo: bool = False
    solo_safe: bool = False
    invert: bool = False
    effects: tuple[EffectSettings, ...] = ()
    bypass: bool = False


class MixSettings(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A whole mix.

    Attributes:
        strips: one a stem.
        master: what they run into.
        ceiling_db: no sample leaves the mixer above this; a limiter after the master's fader sees
            to it, and leaves alone what stays below.
        automation: address (`vocals.level_db`, `vocals.reverb.amount`) -> points in order of time.
        bypass: let the sound pass the effects of all strips and of the master.
    """

    strips: tuple[StripSettings, ...]
    master: StripSettings = msgspec.field(default_factory=lambda: StripSettings(name=MASTER))
    ceiling_db: float = 0.0
    automation: dict[str, tuple[Point, ...]] = msgspec.field(default_factory=dict)
    bypass: bool = False

    def strip(self, name: str) -> StripSettings | None:
        """The strip of that name, the master included."""
        if name == MASTER:
            return self.master
        return next((strip for strip in self.strips if strip.name == name), None)


def neutral(stems: tuple[str, ...] | list[str]) -> MixSettings:
    """Every fader at 0 dB, no effects: the mix equals the song."""
    return MixSettings(strips=tuple(StripSettings(name=stem) for stem in stems))


def changed(settings: S, **fields: Any) -> S:
    """A copy of a settings struct with other fields."""
    return msgspec.structs.replace(settings, **fields)
