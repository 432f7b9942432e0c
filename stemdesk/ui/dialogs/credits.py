"""What StemDesk is built on, and under which licences."""

from __future__ import annotations

from typing import NamedTuple


class Credit(NamedTuple):
    """One library.

    Attributes:
        name: as it calls itself.
        licence: SPDX expression.
        home: where it comes from.
    """

    name: str
    licence: str
    home: str


LIBRARIES = (
    Credit("Python", "PSF-2.0", "python.org"),
    Credit("Qt and PySide6", "LGPL-3.0-only", "qt.io"),
    Credit("PyTorch", "BSD-3-Clause", "pytorch.org"),
    Credit("Pedalboard", "GPL-3.0-only", "github.com/spotify/pedalboard"),
    Credit("NumPy", "BSD-3-Clause", "numpy.org"),
    Credit("SciPy", "BSD-3-Clause", "scipy.org"),
    Credit("libsndfile", "LGPL-2.1-or-later", "libsndfile.github.io"),
    Credit("python-soundfile", "BSD-3-Clause", "github.com/bastibe/python-soundfile"),
    Credit("soxr", "LGPL-2.1-or-later", "github.com/dofuuz/python-soxr"),
    Credit("PortAudio and sounddevice", "MIT", "python-sounddevice.readthedocs.io"),
    Credit("RtMidi and python-rtmidi", "MIT", "github.com/SpotlightKid/python-rtmidi"),
    Credit("Mido", "MIT", "mido.readthedocs.io"),
    Credit("msgspec", "BSD-3-Clause", "jcristharif.com/msgspec"),
    Credit("safetensors", "Apache-2.0", "github.com/huggingface/safetensors"),
    Credit("Mutagen", "GPL-2.0-or-later", "mutagen.readthedocs.io"),
    Credit("appdirs", "MIT", "github.com/ActiveState/appdirs"),
    Credit("Rich", "MIT", "github.com/Textualize/rich"),
    Credit("tomli-w", "MIT", "github.com/hukkin/tomli-w"),
    Credit("shtab", "MPL-2.0", "github.com/iterative/shtab"),
)
