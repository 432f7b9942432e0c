"""StemDesk: takes a finished mix apart into stems, and proves that they sum to it.

Three lines separate a song::

    import stemdesk
    result = stemdesk.separate("song.wav")
    print(result.files["vocals"], result.null.verdict)

:func:`separate` writes files and streams songs of any length; :func:`separate_clip` works on
samples in memory. Both obey the null law: the stems sum to the mixture. :func:`remix` changes
levels and effects of the stems and writes a new mix::

    stemdesk.remix("song.wav", {"vocals.level_db": -3, "vocals.reverb.amount": 0.2}, "mix.wav")

:func:`mix` does so with samples in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemdesk.processes import wait_calmly

if TYPE_CHECKING:
    from stemdesk.app.library import mix, remix, separate, separate_clip
    from stemdesk.app.remixing.remix import Remix
    from stemdesk.app.separate import Separation
    from stemdesk.audio.clip import AudioClip
    from stemdesk.errors import UserError

wait_calmly()  # before anything loads torch, which would not look again

__version__: str
__all__ = [
    "AudioClip",
    "Remix",
    "Separation",
    "UserError",
    "__version__",
    "mix",
    "remix",
    "separate",
    "separate_clip",
]

_HOMES = {
    "mix": "stemdesk.app.library",
    "remix": "stemdesk.app.library",
    "Remix": "stemdesk.app.remixing.remix",
    "separate": "stemdesk.app.library",
    "separate_clip": "stemdesk.app.library",
    "Separation": "stemdesk.app.separate",
    "AudioClip": "stemdesk.audio.clip",
    "UserError": "stemdesk.errors",
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
