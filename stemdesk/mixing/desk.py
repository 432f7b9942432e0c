"""The desk: settings and automation, asked for the gains of one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.audio.levels import from_db
from stemdesk.mixing.addresses import find
from stemdesk.mixing.automation import Envelope
from stemdesk.mixing.pan import channel_gains
from stemdesk.mixing.settings import CEILING_DB, MASTER, changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.mixing.addresses import Target
    from stemdesk.mixing.settings import MixSettings, StripSettings


class FaderGain:
    """Gains of the bus channels that a strip sounds on.

    Attributes:
        values: float32 `[n, 1]`.
        is_unity: all of them are 1.
    """

    __slots__ = ("is_unity", "values")

    def __init__(self, values: NDArray[np.float32]) -> None:
        self.values = values
        self.is_unity = bool((values == 1.0).all())


class Desk:
    """A mix's settings, ready to be asked for any moment of the song.

    Args:
        settings: checked.
        channels: strip name -> channels.
        bus: channels of the mix.

    Attributes:
        settings: as given.
    """

    def __init__(self, settings: MixSettings, channels: Mapping[str, int], bus: int) -> None:
        self.settings = settings
        self._channels, self._bus = channels, bus
        self._strips: dict[str, dict[str, Envelope]] = {}
        self._effects: dict[tuple[str, str], list[tuple[Target, Envelope]]] = {}
        self._ceiling: Envelope | None = None
        self._steady: dict[str, FaderGain] = {}
        for address, points in settings.automation.items():
            target = find(settings, address)
            envelope = Envelope(points, target.parameter)
            if target.parameter is CEILING_DB:
                self._ceiling = envelope
            elif target.effect:
                key = (target.strip, target.effect)
                self._effects.setdefault(key, []).append((target, envelope))
            else:
                self._strips.setdefault(target.strip, {})[target.parameter.name] = envelope
        moves_solo = any("solo" in moved for moved in self._strips.values())
        self._solo = None if moves_solo else any(strip.solo for strip in settings.strips)

    @property
    def is_still(self) -> bool:
        """Whether nothing is automated."""
        return not (self._strips or self._effects or self._ceiling)

    def strip_at(self, strip: StripSettings, seconds: float) -> StripSettings:
        """The strip as its automation has it then."""
        moved = self._strips.get(strip.name)
        if not moved:
            return strip
        values = {name: envelope.at(seconds) for name, envelope in moved.items()}
        switches = {
            name: value >= 0.5 if isinstance(getattr(strip, name), bool) else value
            for name, value in values.items()
        }
        now: StripSettings = changed(strip, **switches)
        return now

    def steady_gain(self, strip: StripSettings) -> FaderGain | None:
        """The strip's fader, always the same object; None where automation moves it."""
        if strip.name in self._strips or self._solo is None:
            return None
        gain = self._steady.get(strip.name)
        if gain is None:
            gain = self._steady[strip.name] = FaderGain(self._gains(strip, 0.0))
        return gain

    def gain_at(self, strip: StripSettings, seconds: float) -> FaderGain:
        """The strip's fader then."""
        steady = self.steady_gain(strip)
        return steady or FaderGain(self._gains(self.strip_at(strip, seconds), seconds))

    def gains_before_switches(self, strip: StripSettings, seconds: float) -> NDArray[np.float32]:
        """Gains `[n, 1]` by level, pan and polarity, as if nothing were muted or soloed."""
        now: StripSettings = changed(self.strip_at(strip, seconds), mute=False, solo=True)
        return self._gains(now, seconds)

    def _gains(self, now: StripSettings, seconds: float) -> NDArray[np.float32]:
        gains = channel_gains(self._channels[now.name], self._bus, now.pan)
        audible = now.solo or now.solo_safe or now.name == MASTER or not self._any_solo(seconds)
        if now.mute or not audible:
            return gains * 0.0
        gain = from_db(now.level_db) * (-1.0 if now.invert else 1.0)
        return gains if gain == 1.0 else (gains * gain).astype(gains.dtype)

    @property
    def moves_effects(self) -> bool:
        """Whether any effect is automated."""
        return bool(self._effects)

    def effect_moves(self, strip: str, effect: str, seconds: float) -> dict[str, float]:
        """An effect's parameters as automated, `bypass` among them; others are not named."""
        return {
            target.parameter.name: envelope.at(seconds)
            for target, envelope in self._effects.get((strip, effect), ())
        }

    def ceiling_db(self, seconds: float) -> float:
        """The limiter's ceiling."""
        return self._ceiling.at(seconds) if self._ceiling else self.settings.ceiling_db

    def _any_solo(self, seconds: float) -> bool:
        if self._solo is not None:
            return self._solo
        return any(self.strip_at(strip, seconds).solo for strip in self.settings.strips)


def bus_channels(widths: Mapping[str, int], settings: MixSettings) -> int:
    """Channels of the mix: as many as the widest stem has, two where mono stems are panned.

    Args:
        widths: strip name -> channels of its stem.
        settings: the mix.
    """
    widest = max(widths.values())
    panned = any(strip.pan for strip in settings.strips) or any(
        address.endswith(".pan") for address in settings.automation
    )
    return 2 if widest == 1 and panned else widest
