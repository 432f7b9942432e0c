"""Stands in a strip in a plug-in's place until that is loaded: the sound passes as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stemdesk.errors import Cancelled
from stemdesk.mixing.plugins.client import PluginChoice
from stemdesk.mixing.plugins.effect import PluginEffect
from stemdesk.mixing.plugins.leash import Leash

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from stemdesk.mixing.settings import EffectSettings

    Block = NDArray[np.float32]


class AwaitedPlugin:
    """An effect (see `stemdesk.mixing.effects.effect`) that does nothing yet.

    Args:
        settings: which plug-in, how it was left, and values on top of that.
        rate_hz: sample rate.
        channels: of the strip.

    Attributes:
        settings: see above.
        channels: see above.
        title: the plug-in's name.
        fault: why it is not being loaded, in one sentence; None while it is, or will be.
    """

    latency_frames = 0
    tail_seconds = 0.0
    is_settled = True

    def __init__(self, settings: EffectSettings, rate_hz: int, channels: int) -> None:
        self.settings, self.channels = settings, channels
        self._rate_hz = rate_hz
        self._leash = Leash()
        self._is_closed = False
        self.title = PluginChoice(settings.plugin, settings.plugin_name).title
        self.fault: str | None = None

    def load(self) -> PluginEffect:
        """The plug-in, which may have failed; takes as long as it takes. One thread at a time.

        Raises:
            Cancelled: it was given up meanwhile; its process has ended.
        """
        leash = self._leash
        if self._is_closed or leash.is_cut:
            raise Cancelled
        effect = PluginEffect.load(self.settings, self._rate_hz, self.channels, leash)
        if leash.is_cut:
            effect.close()
            raise Cancelled
        return effect

    def give_up(self) -> None:
        """The user does not want to wait: the process ends, the plug-in stays out. Any thread."""
        self.fault = f"The plug-in {self.title} was not loaded: load it again, or take it off."
        self._leash.cut()

    def take_up(self) -> None:
        """It is to be loaded after all; before :meth:`load`."""
        self.fault, self._leash = None, Leash()

    def set(self, values: Mapping[str, float]) -> None:
        """The plug-in is given them when it comes."""

    def process(self, block: Block, rest: Block | None = None) -> Block:  # noqa: ARG002
        """The block itself."""
        return block

    def reset(self) -> None:
        """Nothing is remembered."""

    def close(self) -> None:
        """It is off the strip: forget it, without waiting for its process to end."""
        self._is_closed = True
        self._leash.cut()
