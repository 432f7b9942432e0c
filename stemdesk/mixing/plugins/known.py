"""What loaded plug-ins have told of their parameters, remembered while the program runs.

A mix names a plug-in by its file, so what it has to turn cannot be known from the mix alone.
Whoever loads one notes it here; addresses, refusals and lists are exact from then on.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemdesk.mixing.plugins.parameter import PluginParameter
    from stemdesk.mixing.settings import EffectSettings

    Key = tuple[str, str, str]
    Parameters = tuple[PluginParameter, ...]

_MOST = 256  # the oldest are forgotten, with their states

_lock = threading.Lock()
_told: dict[Key, Parameters] = {}


def note(effect: EffectSettings, parameters: Parameters) -> None:
    """Remember what a plug-in told when it was loaded with these settings."""
    key = _key(effect)
    with _lock:
        _told.pop(key, None)
        _told[key] = parameters
        if len(_told) > _MOST:
            del _told[next(iter(_told))]


def parameters_of(effect: EffectSettings) -> Parameters | None:
    """What there is to turn, as it stands in the settings' state; None if it was never loaded."""
    with _lock:
        return _told.get(_key(effect))


def _key(effect: EffectSettings) -> Key:
    return effect.plugin, effect.plugin_name, effect.state
