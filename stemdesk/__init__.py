"""StemDesk: takes a finished mix apart into stems, and proves that they sum to it.

Three lines separate a song::

    import stemdesk
    result = stemdesk.separate("song.wav")
    print(result.files["vocals"], result.null.verdict)

:func:`separate` writes files and streams songs of any length; :func:`separate_clip` works on
samples in memory. Both obey the null law: the stems sum to the mixture. :func:`remix` changes
levels and effects of the stems and writes a new mix::

    stemdesk.remix("song.wav", {"vocals.level_db": -3, "vocals.reverb.amount": 0.2}, "mix.wav")

:func:`mix` does so with samples in memory. :func:`load_model` keeps a model from song to song;
:class:`SeparateOptions` and :class:`RemixOptions` hold everything else that can be chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.processes import wait_calmly

if TYPE_CHECKING:
    from stemdesk.app.library import mix, remix, separate, separate_clip
    from stemdesk.app.model import LoadedModel, load_model
    from stemdesk.app.options import SeparateOptions, Separation
    from stemdesk.app.remixing.remix import Remix, RemixOptions
    from stemdesk.audio.clip import AudioClip
    from stemdesk.audio.null import NullReport
    from stemdesk.errors import UserError
    from stemdesk.files import OverwritePolicy
    from stemdesk.mixing.recipe import Recipe
    from stemdesk.mixing.settings import MixSettings
    from stemdesk.separation.card import ModelCard

wait_calmly()  # before anything loads torch, which would not look again

__version__: str
__all__ = [
    "AudioClip",
    "LoadedModel",
    "MixSettings",
    "ModelCard",
    "NullReport",
    "OverwritePolicy",
    "Recipe",
    "Remix",
    "RemixOptions",
    "SeparateOptions",
    "Separation",
    "UserError",
    "__version__",
    "load_model",
    "mix",
    "remix",
    "separate",
    "separate_clip",
]

_HOMES = {
    "AudioClip": "stemdesk.audio.clip",
    "LoadedModel": "stemdesk.app.model",
    "MixSettings": "stemdesk.mixing.settings",
    "ModelCard": "stemdesk.separation.card",
    "NullReport": "stemdesk.audio.null",
    "OverwritePolicy": "stemdesk.files",
    "Recipe": "stemdesk.mixing.recipe",
    "Remix": "stemdesk.app.remixing.remix",
    "RemixOptions": "stemdesk.app.remixing.remix",
    "SeparateOptions": "stemdesk.app.options",
    "Separation": "stemdesk.app.options",
    "UserError": "stemdesk.errors",
    "load_model": "stemdesk.app.model",
    "mix": "stemdesk.app.library",
    "remix": "stemdesk.app.library",
    "separate": "stemdesk.app.library",
    "separate_clip": "stemdesk.app.library",
}


def __getattr__(name: str) -> Any:
    """Load the library's parts when first asked for, so that ``import stemdesk`` costs nothing."""
    if name == "__version__":
        import importlib.metadata

        return importlib.metadata.version("stemdesk")
    if name not in _HOMES:
        raise AttributeError(f"module 'stemdesk' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
